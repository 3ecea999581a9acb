#!/usr/bin/env bash
# Shows each process of the platform: state, port, health, uptime and memory.
# Exits with 1 when a service is not running or not healthy.
#
# usage: make dev-status

# shellcheck source=scripts/lib/platform.sh
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

load_env
status=$(ctl status 2>/dev/null) || true
all_well=true
printf "${BOLD}%-10s %-9s %8s %7s  %-11s %12s %10s${RESET}\n" \
    SERVICE STATE PID PORT HEALTH UPTIME MEMORY
for service in "${SERVICES[@]}"; do
    # "api  RUNNING   pid 123, uptime 0:01:02"
    read -r _ state _ pid _ uptime < <(grep "^$service " <<<"$status" || echo "$service DOWN") || true
    pid=${pid%,}
    if [[ $state == RUNNING ]]; then
        memory=$(memory_of "$pid")
    else
        pid=- uptime=- memory=-
    fi
    if [[ $state == RUNNING ]] && reachable "$service"; then
        health=healthy colour=$GREEN
    elif [[ $state == RUNNING ]]; then
        health=unhealthy colour=$YELLOW all_well=false
    else
        health=down colour=$RED all_well=false
    fi
    printf '%-10s %-9s %8s %7s  %s%-11s%s %12s %10s\n' \
        "$service" "$state" "$pid" "$(port_of "$service")" "$colour" "$health" "$RESET" "$uptime" "$memory"
done

if $all_well; then
    info "Everything is up: $BASE_URL/"
elif [[ -z $status ]]; then
    die "the platform is not running" "start it with: make dev-up"
else
    die "not everything is up" "what it says: make dev-logs SERVICE=<service>" "start what is missing: make dev-up"
fi
