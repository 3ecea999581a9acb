# What tests/containers/run.sh holds the running platform to. Sourced, never run.
# shellcheck shell=bash

# The smallest image there is for a probe inside a network: it has bash and getent.
PROBE_IMAGE=debian:bookworm-slim

fail() { die "container test: $1" "${@:2}"; }

# answer PATH: the status that the gateway answers PATH with.
answer() {
    curl --silent --output /dev/null --max-time 20 --write-out '%{http_code}' "$BASE_URL$1" || true
}

probe_everything() {
    local path status found
    while read -r path status; do
        found=$(answer "$path")
        [[ $found == "$status" ]] || fail "$BASE_URL$path answers $found, not $status"
        info "  $status $path"
    done <<'ADDRESSES'
/ 200
/a-page-of-the-app 200
/api/health 200
/api/ready 200
/api/metrics 200
/api/docs 200
/api/openapi.json 200
/api/v1/items 200
/api/v1/items?limit=101 422
/api/v1/nothing 404
/dash 302
/dash/ 200
/dash/_dash-layout 200
/dash/_dash-dependencies 200
ADDRESSES
    curl --silent --fail "$BASE_URL/" | grep --quiet '<div id="root">' || fail "/ is not the React app"
    answers "http://localhost:$TRAEFIK_DASHBOARD_PORT/dashboard/" || fail "Traefik's dashboard does not answer"
    [[ $(answer /api/v1/items/stats) == 200 ]] || fail "the API does not reach its database"
}

# check_confinement: every container has every limit; what docker-compose.yml says is what Docker does.
check_confinement() {
    local id name found
    local expected='true [ALL] [no-new-privileges:true] json-file false'
    for id in $(compose ps --all --quiet); do
        name=$(inspect "$id" '{{.Name}}')
        found=$(inspect "$id" '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.LogConfig.Type}} {{.HostConfig.Privileged}}')
        [[ $found == "$expected" ]] || fail "$name has '$found', not '$expected'"
        [[ $(inspect "$id" '{{and .HostConfig.Memory .HostConfig.NanoCpus .HostConfig.PidsLimit (index .HostConfig.LogConfig.Config "max-size")}}') == 10m ]] ||
            fail "$name lacks a limit of memory, CPU, processes or log"
        [[ $(inspect "$id" '{{.Config.Env}}') != *"$POSTGRES_PASSWORD"* ]] || fail "$name shows the password in its environment"
        case $(inspect "$id" '{{.Config.User}}'):$name in
            0:0:*socket-proxy*) ;;
            '':* | 0*:* | root*:*) fail "$name runs as root" ;;
        esac
    done
    ok "$(compose ps --all --quiet | wc -l) containers: read-only, no capability, no new privileges, all limits, not root"
}

# inside NETWORK SCRIPT: runs SCRIPT in a container that is on NETWORK alone.
inside() {
    docker run --rm --interactive --network "$1" "$PROBE_IMAGE" bash -s <<<"
        resolves() { getent hosts \"\$1\" >/dev/null && echo \"name \$1: yes\" || echo \"name \$1: no\"; }
        connects() { timeout 3 bash -c \"</dev/tcp/\$1/\$2\" 2>/dev/null && echo \"port \$2 of \$3: yes\" || echo \"port \$2 of \$3: no\"; }
        asks() {
            exec 5<>/dev/tcp/socket-proxy/2375
            printf '%s %s HTTP/1.0\r\nHost: socket-proxy\r\n\r\n' \"\$1\" \"\$2\" >&5
            read -r _ status _ <&5 && echo \"\$1 \$2: \$status\"
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

# check_isolation: each check has its counterpart where the same question has the other answer.
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
        asks GET /v1.45/containers/json
        asks GET /v1.45/containers/$container/json
        asks GET /v1.45/containers/$container/logs
        asks GET /v1.45/images/json
        asks POST /v1.45/containers/create
        asks POST /v1.45/containers/$container/stop" | sed "s/$container/ID/")" "\
GET /v1.45/containers/json: 200
GET /v1.45/containers/ID/json: 200
GET /v1.45/containers/ID/logs: 403
GET /v1.45/images/json: 403
POST /v1.45/containers/create: 403
POST /v1.45/containers/ID/stop: 403"
}

# services_with_image: services of the Compose files whose image is on this machine, one a line.
services_with_image() {
    local service image
    while read -r service image; do ! have_image "$image" || echo "$service"; done < <(
        compose config | awk '/^[a-z]/ { within = $1 == "services:" }
            within && /^  [a-z]/ { service = $1; sub(":", "", service) }
            within && /^    image:/ { print service, $2 }'
    )
}

# scraped JOB...: whether Prometheus reaches every container of each job.
scraped() {
    local job
    for job in "$@"; do
        curl --silent --fail --get --data-urlencode "query=min(up{job=\"$job\"})" \
            "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/query" | grep --quiet '"1"\]' || return 1
    done
}

ANOTHER_RULE=$REPO/infrastructure/prometheus/rules/containers-test.yml
remove_rule() { rm -f "$ANOTHER_RULE"; }

# rules_are_read PART...: another file of rules means another container of Prometheus, which reads it,
# and of no other part.
rules_are_read() {
    local before other
    on_exit remove_rule
    before=$(container_ids prometheus)
    other=$(container_ids alertmanager)
    printf '%s\n' 'groups:' '  - name: containers-test' \
        '    rules: [{ record: "job:containers_test:up", expr: up }]' >"$ANOTHER_RULE"
    export_versions
    run_step "Starting it with another rule" monitoring-rule compose up --detach --wait "$@"
    [[ $(container_ids prometheus) != "$before" ]] || fail "Prometheus was not replaced"
    [[ $(container_ids alertmanager) == "$other" ]] || fail "Alertmanager was replaced too"
    [[ $(curl --silent --fail "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/rules") == *containers-test* ]] ||
        fail "Prometheus has not read the rule"
    remove_rule
    export_versions
    ok "Prometheus was replaced for another rule, and nothing else was"
}

# check_monitoring: the parts of the monitoring that have an image here: Grafana, Loki and Alloy have
# none where no registry can be reached. It is on a network that no page can reach.
check_monitoring() {
    local parts address
    use_compose_file monitoring yes
    write_secrets
    export_versions
    mapfile -t parts < <(services_with_image)
    run_step "Preparing the exporter's role" monitoring-role _ensure_roles
    run_step "Starting the monitoring" monitoring compose up --detach --wait "${parts[@]/#migrate/api}"
    wait_until 60 scraped api dash react traefik postgres node prometheus alertmanager ||
        fail "Prometheus does not reach every target" "see http://localhost:$PROMETHEUS_PORT/targets"
    ok "Prometheus reaches api, dash, react, traefik, postgres, node, prometheus and alertmanager"
    address=$(address prometheus monitoring)
    info "From a container on frontend, then from one on monitoring:"
    expect "Prometheus is not as isolated as it should be" "$(
        inside "${COMPOSE_PROJECT_NAME}_frontend" "resolves prometheus; connects $address 9090 prometheus"
        inside "${COMPOSE_PROJECT_NAME}_monitoring" "resolves prometheus; connects $address 9090 prometheus"
    )" "\
name prometheus: no
port 9090 of prometheus: no
name prometheus: yes
port 9090 of prometheus: yes"
    rules_are_read "${parts[@]/#migrate/api}"
    memory_table
    use_compose_file monitoring no
    make dev-up
}

# memory_table: of every container, largest first, and of all.
memory_table() {
    local id
    for id in $(compose ps --quiet); do
        printf '%s %s\n' "$(memory_in_use "$id")" "$(inspect "$id" '{{index .Config.Labels "com.docker.compose.service"}}')"
    done | sort -rn | awk '{ sum += $1; printf "  %-20s %6.1f MB\n", $2, $1 / 1e6 }
        END { printf "  %-20s %6.1f MB\n", "together", sum / 1e6 }'
}

# check_memory: the five parts of the application together, idle.
check_memory() {
    local total
    memory_table
    total=$(for service in postgres api dash react traefik; do container_ids "$service"; done |
        while read -r id; do memory_in_use "$id"; done | awk '{ sum += $1 } END { printf "%d", sum / 1e6 }')
    ((total <= 300)) || fail "the five application parts use $total MB, more than 300"
    ok "The five application parts use $total MB together (goal: under 300)"
}

# memory_in_use ID: in bytes, without what the kernel merely keeps of files, as docker stats counts.
memory_in_use() {
    docker stats --no-stream --format '{{.MemUsage}}' "$1" | awk '{ print $1 }' |
        sed 's/KiB/K/; s/MiB/M/; s/GiB/G/; s/B$//' | numfmt --from=iec
}

# back SERVICE ID PID: the container runs again, in another process, and everything answers.
back() {
    local pid service
    pid=$(inspect "$2" '{{.State.Pid}}')
    [[ $pid != 0 && $pid != "$3" ]] && container_healthy "$2" || return 1
    for service in "${REPLICATED[@]}"; do answers "$(gateway_url "$service")" || return 1; done
}

# kill_every_container: by SIGKILL to its process. Not by `docker kill`, which counts as wanted.
kill_every_container() {
    local service id pid start
    ((EUID == 0)) || fail "only root may kill the processes of containers"
    for service in postgres api dash react traefik socket-proxy; do
        id=$(container_ids "$service")
        pid=$(inspect "$id" '{{.State.Pid}}')
        start=$(microseconds)
        kill -KILL "$pid" || fail "the engine's processes are not on this machine"
        wait_until 60 back "$service" "$id" "$pid" || container_failed "$id" "killed $(elapsed "$start") ago"
        ok "$service is back after $(elapsed "$start")"
    done
}

start_load() {
    node "$REPO/tests/containers/load.mjs" "$BASE_URL" "$1" >"$LOG_DIR/load.log" 2>&1 &
    LOAD_PID=$!
    sleep 2
}

# stop_load: ends the load and gives its exit status.
stop_load() {
    local status=0
    [[ -n ${LOAD_PID:-} ]] || return 0
    kill -TERM "$LOAD_PID" 2>/dev/null || true
    wait "$LOAD_PID" || status=$?
    LOAD_PID=''
    return "$status"
}

# upgrade_under_load: other images for all three, then `make dev-up`, while requests go on.
upgrade_under_load() {
    local before service created stored
    before=$(for service in "${REPLICATED[@]}"; do container_ids "$service"; done)
    start_load Upgrade
    IMAGE_VERSION=upgrade make dev-up
    sleep 2
    stop_load || fail "requests failed during the upgrade" "$(tail -n 15 "$LOG_DIR/load.log")"
    info "  $(tail -n 1 "$LOG_DIR/load.log")"
    for service in "${REPLICATED[@]}"; do
        [[ $before != *"$(container_ids "$service")"* ]] || fail "$service was not upgraded"
        [[ $(inspect "$(container_ids "$service")" '{{index .Config.Labels "org.opencontainers.image.version"}}') == upgrade ]] ||
            fail "$service is not of the new image"
    done
    created=$(tail -n 1 "$LOG_DIR/load.log" | sed -E 's/.*"created":([0-9]+).*/\1/')
    stored=$(app_psql -XAtc "SELECT count(*) FROM items WHERE category = 'Upgrade'")
    [[ $created == "$stored" ]] || fail "$created items were acknowledged, $stored are stored"
    ok "api, dash and react were replaced without a failed request; $stored of $created items are stored"
}

# failing_upgrade: a release that cannot start is taken back, and the old one goes on serving.
failing_upgrade() {
    local before
    before=$(container_ids api)
    start_load Failing
    if IMAGE_VERSION=upgrade REQUEST_TIMEOUT_SECONDS=never make dev-up >"$LOG_DIR/failing.log" 2>&1; then
        fail "make dev-up took a release that cannot start"
    fi
    grep --quiet 'is not healthy' "$LOG_DIR/failing.log" || fail "make dev-up does not say why" "$(tail -n 5 "$LOG_DIR/failing.log")"
    stop_load || fail "requests failed" "$(tail -n 15 "$LOG_DIR/load.log")"
    [[ $(container_ids api) == "$before" ]] || fail "the old API is gone"
    ok "A release that cannot start was taken back; the old one served on: $(tail -n 1 "$LOG_DIR/load.log")"
}
