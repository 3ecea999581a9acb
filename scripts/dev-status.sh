#!/usr/bin/env bash
# Shows each process or container of the platform: state, port, health, uptime and memory.
# Exits with 1 when a service is not running or not healthy.
#
# usage: make dev-status [MODE=docker|native]   (default: what runs)

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

# memory_of PID: what it and its descendants use, shared pages divided among their users (PSS).
memory_of() {
    local pids
    mapfile -t pids < <(ps -e -o pid=,ppid= | awk -v root="$1" '
        { parent[$1] = $2 }
        END { for (p in parent) { q = p; while (q > 1 && q != root) q = parent[q]; if (q == root) print p } }')
    for pid in "${pids[@]}"; do cat "/proc/$pid/smaps_rollup" 2>/dev/null || true; done |
        awk '/^Pss:/ { sum += $2 } END { printf "%.0f MiB", sum / 1024 }'
}

# row SERVICE STATE ID PORT HEALTH UPTIME MEMORY: a line of the table, ID a process or a container.
row() {
    local colour=$GREEN
    case $5 in healthy | -) ;; unhealthy | starting) colour=$YELLOW ;; *) colour=$RED ;; esac
    printf '%-17s %-9s %12s %6s  %s%-10s%s %9s %9s\n' "${@:1:4}" "$colour" "$5" "$RESET" "${@:6}"
}
heading() { printf "${BOLD}%-17s %-9s %12s %6s  %-10s %9s %9s${RESET}\n" "$@"; }

native_rows() {
    local service state pid uptime memory health
    heading SERVICE STATE PID PORT HEALTH UPTIME MEMORY
    for service in "${SERVICES[@]}" $(monitoring_parts); do
        # "api  RUNNING   pid 123, uptime 0:01:02"
        read -r _ state _ pid _ uptime < <(grep "^$service " <<<"$1" || echo "$service DOWN") || true
        health=healthy
        if [[ $state != RUNNING ]]; then
            pid=- uptime=- memory=- health=down
        else
            memory=$(memory_of "${pid%,}")
            reachable "$service" || health=unhealthy
        fi
        [[ $health == healthy ]] || all_well=false
        row "$service" "$state" "${pid%,}" "$(port_of "$service")" "$health" "$uptime" "$memory"
    done
}

# uptime_since RFC3339: as h:mm:ss.
uptime_since() {
    local seconds=$(($(date +%s) - $(date --date "$1" +%s)))
    printf '%d:%02d:%02d' $((seconds / 3600)) $((seconds / 60 % 60)) $((seconds % 60))
}

container_rows() {
    local id used service state health started port
    local -A memory=()
    heading SERVICE STATE CONTAINER PORT HEALTH UPTIME MEMORY
    while read -r id used _; do memory[$id]=$used; done < <(
        # shellcheck disable=SC2046 # ids are words
        docker stats --no-stream --format '{{.ID}} {{.MemUsage}}' $(compose ps --quiet)
    )
    for id in $(compose ps --all --quiet); do
        read -r service state started health < <(inspect "$id" '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{.State.StartedAt}} {{with .State.Health}}{{.Status}}{{end}}') || true
        # Its work is done: that it ended is as it should be.
        if [[ $service == migrate ]] && [[ $(inspect "$id" '{{.State.ExitCode}}') == 0 ]]; then continue; fi
        [[ $state == running ]] || health=down
        port=-
        [[ $service != traefik ]] || port=$(port_of traefik)
        [[ ${health:-healthy} == healthy ]] || all_well=false
        row "$service" "$state" "${id:0:12}" "$port" "${health:--}" "$(uptime_since "$started")" \
            "${memory[${id:0:12}]:--}"
    done
}

choose_mode
load_env
all_well=true
if [[ $MODE == docker ]]; then
    [[ -n $(compose ps --all --quiet) ]] || die "the platform is not running" "start it with: make dev-up"
    container_rows
    for service in "${REPLICATED[@]}"; do answers "$(gateway_url "$service")" || all_well=false; done
else
    status=$(ctl status 2>/dev/null) || true
    native_rows "$status"
    $all_well || [[ -n $status ]] || die "the platform is not running" "start it with: make dev-up"
fi
$all_well || die "not everything is up" "what it says: make dev-logs SERVICE=<service>" \
    "start what is missing: make dev-up"
info "Everything is up: $BASE_URL/"
[[ -n $(monitoring_parts) ]] || info "The monitoring is not running; start it with: make monitoring-up"
