# Checks the confinement of containers and the isolation of their networks. Sourced by run.sh, never run.
# shellcheck shell=bash

# The smallest image with bash and getent, for probes inside a network.
PROBE_IMAGE=debian:bookworm-slim

# check_confinement: Docker must apply every restriction of the Compose files to every container.
check_confinement() {
    local id service found secret expected count=0
    for id in $(compose ps --all --quiet); do
        count=$((count + 1))
        service=$(inspect "$id" '{{index .Config.Labels "com.docker.compose.service"}}')
        expected='true [ALL] [no-new-privileges:true] json-file false'
        # Docker adds this to containers with the host's process namespace, because SELinux would block them.
        [[ $service != node-exporter ]] || expected=${expected/:true]/:true label=disable]}
        found=$(inspect "$id" '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.LogConfig.Type}} {{.HostConfig.Privileged}}')
        [[ $found == "$expected" ]] || fail "$service has '$found', not '$expected'"
        [[ $(inspect "$id" '{{and .HostConfig.Memory .HostConfig.NanoCpus .HostConfig.PidsLimit (index .HostConfig.LogConfig.Config "max-size")}}') == 10m ]] ||
            fail "$service has no limit for memory, CPU, processes or log"
        found=$(inspect "$id" '{{range .Mounts}}{{if and .RW (eq .Type "bind")}}{{.Source}} {{end}}{{end}}')
        [[ -z $found ]] || fail "$service may write to files of this machine: $found"
        for secret in "$RUN_DIR"/secrets/{postgres_*,database_url}; do
            [[ $(inspect "$id" '{{.Config.Env}}') != *"$(<"$secret")"* ]] || fail "$service shows the secret ${secret##*/} in its environment"
        done
        check_exceptions "$id" "$service"
    done
    ((count > 0)) || fail "no container is running"
    ok "$count containers: read-only, no capability, no new privileges, all limits, not root, no access to this machine"
}

# check_exceptions ID SERVICE: only the named containers may have an exception.
check_exceptions() {
    local user socket shared
    user=$(inspect "$1" '{{.Config.User}}')
    socket=$(inspect "$1" '{{range .Mounts}}{{.Destination}} {{end}}' | grep --only-matching 'docker\.sock') || true
    shared=$(inspect "$1" '{{.HostConfig.PidMode}} {{.HostConfig.IpcMode}} {{.HostConfig.UTSMode}} {{.HostConfig.NetworkMode}}' |
        tr ' ' '\n' | grep --count '^host$') || true
    case $2 in
        # They guard the engine's socket, which root owns.
        socket-proxy | socket-proxy-logs) user=${user/#0:0/owner of the socket} socket='' ;;
        # It needs the list of the machine's processes.
        node-exporter) shared=$((shared - 1)) ;;
    esac
    [[ $user != '' && $user != 0* && $user != root* ]] || fail "$2 runs as root"
    [[ -z $socket ]] || fail "$2 has the engine's socket"
    ((shared == 0)) || fail "$2 shares a namespace with this machine"
}

# inside NETWORK SCRIPT: runs SCRIPT in a container that is only on NETWORK.
inside() {
    docker run --rm --interactive --network "$1" "$PROBE_IMAGE" bash -s <<<"
        resolves() { getent hosts \"\$1\" >/dev/null && echo \"name \$1: yes\" || echo \"name \$1: no\"; }
        connects() { timeout 3 bash -c \"</dev/tcp/\$1/\$2\" 2>/dev/null && echo \"port \$2 of \$3: yes\" || echo \"port \$2 of \$3: no\"; }
        asks() {
            exec 5<>\"/dev/tcp/\$1/2375\"
            printf '%s %s HTTP/1.0\r\nHost: socket-proxy\r\n\r\n' \"\$2\" \"\$3\" >&5
            read -r _ status _ <&5 && echo \"\$2 \$3: \$status\"
            exec 5>&-
        }
        $2"
}

# address SERVICE NETWORK
address() {
    inspect "$(container_ids "$1")" \
        "{{(index .NetworkSettings.Networks \"${COMPOSE_PROJECT_NAME}_$2\").IPAddress}}"
}

# expect WHAT FOUND EXPECTED
expect() {
    [[ $2 == "$3" ]] || fail "$1" "found:" "${2//$'\n'/; }" "expected:" "${3//$'\n'/; }"
    printf '  %s\n' "${2//$'\n'/$'\n'  }"
}

# check_isolation: each check has a counterpart on another network, where the result must be the opposite.
check_isolation() {
    local database proxy container
    database=$(address postgres backend)
    proxy=$(address socket-proxy socket)
    info "From a container on frontend:"
    expect "frontend is not as isolated as it should be" "$(inside "${COMPOSE_PROJECT_NAME}_frontend" "
        resolves api; connects api 8000 api
        resolves postgres; connects $database 5432 postgres
        resolves socket-proxy; connects $proxy 2375 socket-proxy
        resolves prometheus")" "\
name api: yes
port 8000 of api: yes
name postgres: no
port 5432 of postgres: no
name socket-proxy: no
port 2375 of socket-proxy: no
name prometheus: no"
    info "From a container on backend:"
    expect "backend is not as it should be" "$(inside "${COMPOSE_PROJECT_NAME}_backend" "
        resolves postgres; connects $database 5432 postgres
        resolves traefik
        grep -q '^[^\t]*\t00000000' /proc/net/route && echo 'way out: yes' || echo 'way out: no'")" "\
name postgres: yes
port 5432 of postgres: yes
name traefik: no
way out: no"
    container=$(container_ids api)
    info "From a process in Traefik's container:"
    expect "the socket proxy lets through what it should not" \
        "$(inside "container:$(container_ids traefik)" "
        asks socket-proxy GET /v1.45/containers/json
        asks socket-proxy GET /v1.45/containers/$container/json
        asks socket-proxy GET /v1.45/containers/$container/logs?stdout=1
        asks socket-proxy GET /v1.45/images/json
        asks socket-proxy POST /v1.45/containers/create
        asks socket-proxy POST /v1.45/containers/$container/stop" | sed "s/$container/ID/")" "\
GET /v1.45/containers/json: 200
GET /v1.45/containers/ID/json: 200
GET /v1.45/containers/ID/logs?stdout=1: 403
GET /v1.45/images/json: 403
POST /v1.45/containers/create: 403
POST /v1.45/containers/ID/stop: 403"
}

# check_monitoring_isolation: the browser-facing network cannot reach the monitoring, and Alloy can only read logs.
check_monitoring_isolation() {
    local address container
    address=$(address prometheus monitoring)
    info "From a container on frontend, then from one on monitoring:"
    expect "Prometheus is not as isolated as it should be" "$(
        inside "${COMPOSE_PROJECT_NAME}_frontend" "
            resolves prometheus; connects $address 9090 prometheus
            resolves socket-proxy-logs"
        inside "${COMPOSE_PROJECT_NAME}_monitoring" "
            resolves prometheus; connects $address 9090 prometheus
            resolves socket-proxy-logs"
    )" "\
name prometheus: no
port 9090 of prometheus: no
name socket-proxy-logs: no
name prometheus: yes
port 9090 of prometheus: yes
name socket-proxy-logs: no"
    container=$(container_ids api)
    info "From a container on socket-logs, where Alloy is:"
    expect "the socket proxy of the logs lets through what it should not" \
        "$(inside "${COMPOSE_PROJECT_NAME}_socket-logs" "
        asks socket-proxy-logs GET /v1.45/containers/$container/logs?stdout=1
        asks socket-proxy-logs GET /v1.45/images/json
        asks socket-proxy-logs GET /v1.45/containers/$container/archive?path=/etc
        asks socket-proxy-logs POST /v1.45/containers/$container/stop" | sed "s/$container/ID/")" "\
GET /v1.45/containers/ID/logs?stdout=1: 200
GET /v1.45/images/json: 403
GET /v1.45/containers/ID/archive?path=/etc: 403
POST /v1.45/containers/ID/stop: 403"
}
