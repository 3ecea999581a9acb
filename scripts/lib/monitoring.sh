# The monitoring parts: what they read, and in native mode which of them this machine has, what they
# are told, and the order in which they come and go. Sourced, never run.
# shellcheck shell=bash

# Debian gives some programs another name than their authors.
_program_names() {
    case $1 in
        node-exporter) echo prometheus-node-exporter node_exporter ;;
        postgres-exporter) echo prometheus-postgres-exporter postgres_exporter ;;
        alertmanager) echo prometheus-alertmanager alertmanager ;;
        *) echo "$1" ;;
    esac
}

# find_program PART: its program, on PATH, among our tools, or where vendors put it; fails without.
find_program() {
    local name
    for name in $(_program_names "$1"); do
        # The directory of Grafana's package comes first: its program on PATH is a wrapper.
        PATH=/usr/share/grafana/bin:$TOOLS_DIR/bin:$PATH:/usr/local/bin:/usr/bin:/usr/sbin \
            type -P "$name" && return 0
    done
    return 1
}

# configuration_of PART: the files of the repository that PART reads when it starts, in one mode or
# both, one a line. Grafana's dashboards are not among them: it watches those.
configuration_of() {
    local home=$REPO/infrastructure
    case $1 in
        prometheus) printf '%s\n' "$home"/prometheus/{prometheus.yml,{rules,alerts}/*.yml} ;;
        grafana) find "$home/grafana" -name '*.yml' -o -name '*.ini' | sort ;;
        alertmanager | jaeger | loki) printf '%s\n' "$home/$1/$1.yml" ;;
        alloy) find "$home/alloy" -name '*.alloy' | sort ;;
        socket-proxy-logs) printf '%s\n' "$home/docker/socket-proxy.cfg" ;;
    esac
}

# installed_parts: the parts that can run on this machine.
installed_parts() {
    local part
    for part in "${MONITORING[@]}"; do
        ! find_program "$part" >/dev/null || printf '%s\n' "$part"
    done
}

# target_of JOB PART...: where Prometheus finds JOB on this machine when those parts run; nothing
# when it is not here.
target_of() {
    local part
    case $1 in
        api | dash) part=$1 ;;
        react)
            # Vite has no metrics.
            ! reloads || return 0
            part=react
            ;;
        traefik) part=traefik-dashboard ;;
        postgres | node) part=$1-exporter ;;
        # Its metrics are off for want of a port of their own.
        jaeger) return 0 ;;
        *) part=$1 ;;
    esac
    if [[ " ${SERVICES[*]} traefik-dashboard ${*:2} " == *" $part "* ]]; then
        printf '127.0.0.1:%s' "$(port_of "$part")"
    fi
}

# render_prometheus PART...: the configuration of the containers with the targets of this machine.
# There, the one line of targets of each job says where its container is.
render_prometheus() {
    local line job=alertmanager target home=$RUN_DIR/prometheus
    mkdir -p "$home"
    ln -sfn "$REPO/infrastructure/prometheus/rules" "$home/rules"
    ln -sfn "$REPO/infrastructure/prometheus/alerts" "$home/alerts"
    while IFS= read -r line; do
        [[ ! $line =~ ^"  - job_name: "(.+)$ ]] || job=${BASH_REMATCH[1]}
        if [[ $line =~ ^(" "+)(static|dns_sd)_configs: ]]; then
            target=$(target_of "$job" "$@")
            line=${BASH_REMATCH[1]}'static_configs: []'
            [[ -z $target ]] || line="${BASH_REMATCH[1]}static_configs: [{ targets: [\"$target\"] }]"
        fi
        printf '%s\n' "$line"
    done <"$REPO/infrastructure/prometheus/prometheus.yml" >"$home/prometheus.yml"
}

# print_exporter_role: the SQL that makes the role of postgres_exporter, for a superuser's psql.
print_exporter_role() {
    local quote="'"
    printf "\\\\set %s '%s'\n" role "$POSTGRES_EXPORTER_USER" database "$POSTGRES_DB" \
        password "${POSTGRES_EXPORTER_PASSWORD//$quote/$quote$quote}"
    cat "$REPO/infrastructure/postgres/exporter-role.sql"
}
ensure_exporter_role() { print_exporter_role | superuser_psql; }

# all_targets_up: whether Prometheus has scraped every target that it knows.
all_targets_up() {
    local targets
    targets=$(curl --silent --fail --max-time 5 \
        "http://127.0.0.1:$(port_of prometheus)/api/v1/targets?state=active") || return 1
    # With containers the API is found by DNS, a moment later than the others.
    [[ $targets == *'"job":"api"'* && ! $targets =~ \"health\":\"(down|unknown)\" ]]
}

# wait_for_targets: until Prometheus has scraped every target.
wait_for_targets() {
    local start
    start=$(microseconds)
    wait_until 60 all_targets_up || die "Prometheus does not reach every target" \
        "which one and why: http://localhost:$(port_of prometheus)/targets"
    ok "Every target is up (waited $(elapsed "$start"))"
}

# apply_tracing: the services send their spans to Jaeger while it runs, and to nobody when it is
# gone. That is a setting of theirs, so a change restarts them, one after the other.
apply_tracing() {
    local service
    render_traefik
    for service in api dash traefik; do
        ensure_service "$service"
        wait_until "${HEALTH_TIMEOUT:-60}" reachable "$service" || service_failed "$service"
    done
}

# start_monitoring: starts the parts that are installed, restarts what changed, and waits until
# Prometheus has reached all of them. The platform runs already.
start_monitoring() {
    local part parts jobs=()
    mapfile -t parts < <(installed_parts)
    check_ports "${parts[@]}"
    run_step "Preparing the exporter's role" exporter-role ensure_exporter_role
    render_prometheus "${parts[@]}"
    note_monitoring "${parts[@]}"
    for part in "${parts[@]}"; do
        ensure_service "$part" &
        jobs+=($!)
    done
    for part in "${jobs[@]}"; do wait "$part"; done
    for part in "${parts[@]}"; do
        wait_until "${HEALTH_TIMEOUT:-60}" healthy "$part" || service_failed "$part"
    done
    apply_tracing
    wait_for_targets
}

# stop_monitoring: stops the parts in reverse order, after the services have stopped using them.
stop_monitoring() {
    local parts
    mapfile -t parts < <(monitoring_parts | tac)
    ((${#parts[@]} > 0)) || return 0
    note_monitoring
    apply_tracing
    ctl stop "${parts[@]}" >/dev/null
}

# name_missing_parts: what is not installed, and the command that changes it.
name_missing_parts() {
    local part vendor=()
    for part in "${MONITORING[@]}"; do
        ! find_program "$part" >/dev/null || continue
        case $part in
            jaeger) _name_missing jaeger infrastructure/jaeger/install.sh ;;
            grafana | loki | alloy) vendor+=("$part") ;;
            *) _name_missing "$part" "make monitoring-up, as root" ;;
        esac
    done
    ((${#vendor[@]} == 0)) || _name_missing "${vendor[*]}" \
        "apt-get install ${vendor[*]}, from Grafana's own package repository:" \
        "https://grafana.com/docs/grafana/latest/setup-grafana/installation/debian/"
}
_name_missing() {
    info "${YELLOW}Not installed:${RESET} $1. The rest works without; to get it:"
    printf '  %s\n' "${@:2}"
}

# print_monitoring_urls: its pages while it runs, else how to start it.
print_monitoring_urls() {
    local part parts
    parts=$(monitoring_parts)
    [[ -n $parts ]] || printf "  ${BOLD}%-20s${RESET} %s\n" Monitoring "not running; start it with: make monitoring-up"
    for part in $parts; do
        # The others have no page for people.
        [[ $part == @(prometheus|alertmanager|jaeger|grafana) ]] || continue
        printf "  ${BOLD}%-20s${RESET} http://localhost:%s/\n" "${part^}" "$(port_of "$part")"
    done
}
