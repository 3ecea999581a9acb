# The checks of tests/containers/run.sh on the running platform. Sourced, never run.
# shellcheck shell=bash

fail() { die "container test: $1" "${@:2}"; }

# answer PATH: prints the gateway's status for PATH.
answer() {
    curl --silent --output /dev/null --max-time 20 --write-out '%{http_code}' "$BASE_URL$1" || true
}

probe_everything() {
    make smoke
    # Not in scripts/smoke.sh: a public platform need not show metrics, and the other checks need this machine.
    [[ $(answer /api/metrics) == 200 ]] || fail "the API shows no metrics"
    curl --silent --fail "$BASE_URL/" | grep --quiet '<div id="root">' || fail "/ is not the React app"
    answers "http://localhost:$(port_of traefik-dashboard)/dashboard/" || fail "Traefik's dashboard does not answer"
    [[ $(answer /api/v1/items/stats) == 200 ]] || fail "the API does not reach its database"
}

# what_is_missing: writes a Compose file that removes the services without an image on this machine, and a
# configuration of Prometheus without their jobs. Grafana, Loki and Alloy have no stand-ins.
what_is_missing() {
    local service image missing='' prometheus=$RUN_DIR/prometheus.yml
    {
        echo "services:"
        while read -r service image; do
            ! have_image "$image" || continue
            missing+=" $service"
            printf '  %s: { profiles: [missing] }\n' "$service"
        done < <(compose config --format json | node -e '
            const { services } = JSON.parse(require("node:fs").readFileSync(0));
            for (const [name, { image }] of Object.entries(services)) console.log(name, image);')
        printf '  prometheus: { volumes: ["%s:/etc/prometheus/prometheus.yml:ro"] }\n' "$prometheus"
    } >"$RUN_DIR/missing.yml"
    awk -v missing="$missing " '/job_name:/ { skip = index(missing, " " $3 " ") } !skip' \
        "$REPO/infrastructure/prometheus/prometheus.yml" >"$prometheus"
    info "  without${missing:- anything missing}"
}

ANOTHER_RULE=$REPO/infrastructure/prometheus/rules/containers-test.yml
remove_rule() { rm -f "$ANOTHER_RULE"; }

# rules_are_read: after a change of the rules, `make monitoring-up` must replace Prometheus, and nothing else.
rules_are_read() {
    local before other
    on_exit remove_rule
    before=$(container_ids prometheus)
    other=$(container_ids alertmanager)
    printf '%s\n' 'groups:' '  - name: containers-test' \
        '    rules: [{ record: "job:containers_test:up", expr: up }]' >"$ANOTHER_RULE"
    make monitoring-up
    remove_rule
    [[ $(container_ids prometheus) != "$before" ]] || fail "Prometheus was not replaced"
    [[ $(container_ids alertmanager) == "$other" ]] || fail "Alertmanager was replaced too"
    [[ $(curl --silent --fail "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/rules") == *containers-test* ]] ||
        fail "Prometheus has not read the rule"
    ok "Prometheus was replaced for another rule, and nothing else was"
}

# check_monitoring: `make monitoring-up` and `make monitoring-down`.
check_monitoring() {
    local before parts
    before=$(images_in_use)
    use_compose_file monitoring yes
    what_is_missing
    use_compose_file monitoring no
    export COMPOSE_OVERRIDE=$RUN_DIR/missing.yml
    # A build would now give the images another version.
    IMAGE_VERSION=monitoring make monitoring-up
    parts=$(monitoring_parts | paste -sd ' ')
    [[ $parts == *alertmanager* && $parts == *prometheus* ]] || fail "Alertmanager or Prometheus is missing; running: $parts"
    ok "Prometheus reaches api, dash, react and traefik, and these parts of the monitoring: $parts"
    check_confinement
    check_monitoring_isolation
    rules_are_read
    memory_table
    unset COMPOSE_OVERRIDE
    IMAGE_VERSION=monitoring make monitoring-down
    [[ $(images_in_use) == "$before" ]] || fail "the commands of the monitoring deployed other images"
    [[ -z $(monitoring_parts) ]] || fail "these parts of the monitoring still run: $(monitoring_parts)"
    [[ $(inspect "$(container_ids api)" '{{.Config.Env}}') != *jaeger* ]] || fail "the API still sends spans to Jaeger"
    ok "make monitoring-down removed the monitoring, and nothing else"
}

images_in_use() { for service in "${REPLICATED[@]}"; do inspect "$(container_ids "$service")" '{{.Image}}'; done; }

# check_watcher: if a development container's watcher ends (for example, with too few inotify watches), the container
# must report it and exit, instead of running an outdated program.
check_watcher() {
    local output
    output=$(docker run --rm --interactive --volume "$REPO/infrastructure/docker/watch.sh:/watch.sh:ro" debian:bookworm-slim bash -s 2>&1 <<'SCRIPT'
        mkdir -p /src/service /build/service
        touch /src/CMakeLists.txt
        stand_in() { printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod +x "$1"; }
        stand_in /usr/local/bin/cmake :
        stand_in /usr/local/bin/inotifywait 'sleep 2; exit 1'
        stand_in /build/service/program 'exec sleep 60'
        timeout 15 /watch.sh service program
        echo "status $?"
SCRIPT
    )
    [[ $output == *'starting program'*'inotifywait has ended'*'status 1' ]] ||
        fail "a development container does not report the end of its watcher" "$output"
    ok "A development container reports the end of its watcher, and exits"
}

# refused_elsewhere COMMAND: another clone with the same project name must not change this instance.
refused_elsewhere() {
    local clone output status=0
    clone=$(mktemp -d)
    git -C "$REPO" ls-files -z Makefile .env.example scripts infrastructure |
        tar -C "$REPO" --null --files-from - --create | tar -C "$clone" --extract
    output=$(RUN_DIR=$clone/.run make --no-print-directory --directory "$clone" "$1" 2>&1) || status=$?
    rm -rf "$clone"
    [[ $status != 0 && $output == *"belong to another clone: $REPO"* ]] ||
        fail "make $1 in another clone is not refused" "$output"
    ok "make $1 in another clone is refused"
}

# memory_table: prints the memory of every container, largest first, and the sum.
memory_table() {
    local id
    for id in $(compose ps --quiet); do
        printf '%s %s\n' "$(memory_in_use "$id")" "$(inspect "$id" '{{index .Config.Labels "com.docker.compose.service"}}')"
    done | sort -rn | awk '{ sum += $1; printf "  %-20s %6.1f MB\n", $2, $1 / 1e6 }
        END { printf "  %-20s %6.1f MB\n", "together", sum / 1e6 }'
}

# check_memory: the five application containers, idle, must stay below the goal.
check_memory() {
    local total
    memory_table
    total=$(for service in postgres api dash react traefik; do container_ids "$service"; done |
        while read -r id; do memory_in_use "$id"; done | awk '{ sum += $1 } END { printf "%d", sum / 1e6 }')
    ((total <= 300)) || fail "the five application parts use $total MB, more than 300"
    ok "The five application parts use $total MB together (goal: under 300)"
}

# memory_in_use ID: prints bytes without the page cache, like docker stats.
memory_in_use() {
    docker stats --no-stream --format '{{.MemUsage}}' "$1" | awk '{ print $1 }' |
        sed 's/KiB/K/; s/MiB/M/; s/GiB/G/; s/B$//' | numfmt --from=iec
}

# back SERVICE ID PID: true if the container runs again with another process, and everything answers.
back() {
    local pid service
    pid=$(inspect "$2" '{{.State.Pid}}')
    [[ $pid != 0 && $pid != "$3" ]] && container_healthy "$2" || return 1
    for service in "${REPLICATED[@]}"; do answers "$(gateway_url "$service")" || return 1; done
}

# kill_every_container: sends SIGKILL to each process. After `docker kill`, Docker would not restart the container.
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

# stop_load: stops the load and returns its exit status.
stop_load() {
    local status=0
    [[ -n ${LOAD_PID:-} ]] || return 0
    kill -TERM "$LOAD_PID" 2>/dev/null || true
    wait "$LOAD_PID" || status=$?
    LOAD_PID=''
    return "$status"
}

# use_under_load: measures each container under load, for the requests and limits in infrastructure/kubernetes.
use_under_load() {
    local ids
    mapfile -t ids < <(compose ps --quiet)
    start_load Use
    sleep 8
    docker stats --no-stream --format '{{.Name}} {{.CPUPerc}} {{.MemUsage}}' "${ids[@]}" | sort |
        awk '{ printf "  %-24s %6s of a core, %s\n", $1, $2, $3 }'
    stop_load || fail "requests failed" "$(tail -n 15 "$LOG_DIR/load.log")"
    info "  $(tail -n 1 "$LOG_DIR/load.log")"
}

# upgrade_under_load: `make dev-up` replaces the images of all three services under load.
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
            fail "$service does not use the new image"
    done
    created=$(tail -n 1 "$LOG_DIR/load.log" | sed -E 's/.*"created":([0-9]+).*/\1/')
    stored=$(app_psql -XAtc "SELECT count(*) FROM items WHERE category = 'Upgrade'")
    [[ $created == "$stored" ]] || fail "$created items were acknowledged, but $stored are stored"
    ok "api, dash and react were replaced without a failed request; $stored of $created items are stored"
}

# failing_upgrade: `make dev-up` must roll back a release that cannot start, while the old one serves.
failing_upgrade() {
    local before
    before=$(container_ids api)
    start_load Failing
    if IMAGE_VERSION=upgrade REQUEST_TIMEOUT_SECONDS=never make dev-up >"$LOG_DIR/failing.log" 2>&1; then
        fail "make dev-up accepted a release that cannot start"
    fi
    grep --quiet 'is not healthy' "$LOG_DIR/failing.log" || fail "make dev-up does not say why" "$(tail -n 5 "$LOG_DIR/failing.log")"
    stop_load || fail "requests failed" "$(tail -n 15 "$LOG_DIR/load.log")"
    [[ $(container_ids api) == "$before" ]] || fail "the old API is gone"
    ok "A release that cannot start was rolled back; the old one kept serving: $(tail -n 1 "$LOG_DIR/load.log")"
}
