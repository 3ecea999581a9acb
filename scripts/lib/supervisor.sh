# Starting, restarting and stopping the processes of one instance through supervisord.
# Sourced, never run.
# shellcheck shell=bash

SUPERVISOR_CONFIG=$REPO/infrastructure/native/supervisord.conf

# supervisor_pid: the process id of this instance's supervisord; fails when it does not run.
supervisor_pid() {
    local pid
    pid=$(cat "$RUN_DIR/supervisor.pid" 2>/dev/null) || return 1
    # The environment tells our supervisord from a process that got its id after a reboot.
    grep --quiet --no-messages --null-data --line-regexp --fixed-strings \
        "MLP_SUPERVISED=$RUN_DIR" "/proc/$pid/environ" || return 1
    printf '%s' "$pid"
}

ctl() { supervisorctl -c "$SUPERVISOR_CONFIG" "$@"; }

ensure_supervisor() {
    supervisor_pid >/dev/null && return 0
    mkdir -p "$LOG_DIR"
    # Nobody but the user may reach the control socket, the settings and the logs.
    chmod go-w "$RUN_DIR"
    rm -f "$SUPERVISOR_SOCKET"
    # 9 is the lock of this script; a daemon must not keep it.
    MLP_SUPERVISED=$RUN_DIR supervisord -c "$SUPERVISOR_CONFIG" 9>&- 2>>"$LOG_DIR/supervisord.log"
    local attempt
    for attempt in {1..50}; do
        ctl pid >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    die "supervisord did not start ($attempt attempts)" "its log: $LOG_DIR/supervisord.log"
}

# state_of SERVICE: STOPPED, STARTING, RUNNING, BACKOFF, EXITED, FATAL, or DOWN without supervisord.
state_of() {
    local state
    state=$(ctl status "$1" 2>/dev/null | awk '{ print $2 }') || true
    case $state in
        [A-Z]*) printf '%s' "$state" ;;
        *) printf 'DOWN' ;;
    esac
}

# service_files SERVICE: files of which SERVICE must be restarted when they change. What a program
# watches by itself (Vite its sources, Traefik its routes) is not among them.
service_files() {
    printf '%s\n' "$RUN_DIR/env/$1.env" "$RUN_DIR/services/$1.env" "$REPO/infrastructure/native/run-service"
    case $1 in
        api) printf '%s\n' "$BUILD_DIR/services/api/api" ;;
        dash)
            printf '%s\n' "$BUILD_DIR/services/dash-app/dash-app" "$REPO/package-lock.json"
            find "$REPO/services/dash-app/assets" -type f 2>/dev/null | sort
            ;;
        react)
            if reloads; then
                printf '%s\n' "$REPO/package-lock.json" "$REPO/services/react-app/vite.config.ts"
            else
                printf '%s\n' "$BUILD_DIR/services/react-app/server/react-app" "$RUN_DIR/page.stamp"
            fi
            ;;
        traefik) printf '%s\n' "$RUN_DIR/traefik/traefik.yml" ;;
        prometheus) printf '%s\n' "$RUN_DIR/prometheus/prometheus.yml" ;;
    esac
    configuration_of "$1"
}

# write_service_env SERVICE: what run-service hands to SERVICE: its env file, and what may hold a password.
write_service_env() {
    write_settings "$1"
    mkdir -p "$RUN_DIR/services"
    (umask 077 && native_env "$1" >"$RUN_DIR/services/$1.env")
}

# ensure_service SERVICE: starts it, or restarts it when it runs with other settings or with an
# older program than there is now.
ensure_service() {
    local files key stamp=$RUN_DIR/services/$1.stamp
    write_service_env "$1"
    mapfile -t files < <(service_files "$1")
    key=$(hash_of "${files[@]}")
    case $(state_of "$1") in
        RUNNING | STARTING)
            ! up_to_date "$stamp" "$key" || return 0
            info "  restarting $1: its program or its settings changed"
            ctl restart "$1" >/dev/null
            ;;
        # BACKOFF counts as starting, and `start` refuses it: stop it first.
        BACKOFF)
            ctl stop "$1" >/dev/null
            ctl start "$1" >/dev/null || service_failed "$1"
            ;;
        *) ctl start "$1" >/dev/null || service_failed "$1" ;;
    esac
    record "$stamp" "$key"
}

# service_failed SERVICE: shows the end of its log and exits.
service_failed() {
    local log=$LOG_DIR/$1.log
    tail -n 20 "$log" "$LOG_DIR/$1-stderr.log" 2>/dev/null | sed 's/^/  | /' >&2 || true
    die "$1 does not start" "its log: $log" "follow it with: make dev-logs SERVICE=$1"
}

# leftovers: ids of processes that belong to this instance. Services carry its name in their
# environment; PostgreSQL's children overwrite theirs, but work in the data directory.
leftovers() {
    local data
    data=$(readlink -f "$RUN_DIR/postgres/data") || data=''
    {
        grep --files-with-matches --no-messages --null-data --line-regexp --fixed-strings \
            "MLP_SUPERVISED=$RUN_DIR" /proc/[0-9]*/environ || true
        [[ -z $data ]] ||
            find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$data" 2>/dev/null || true
    } | cut -d / -f 3 | grep '^[0-9]*$' | sort -u || true
}

# stop_leftovers: ends what a supervisord that was killed has left behind; politely first, so that
# PostgreSQL can write its checkpoint.
stop_leftovers() {
    local pids signal attempt
    for signal in INT TERM KILL; do
        mapfile -t pids < <(leftovers)
        ((${#pids[@]} > 0)) || return 0
        kill "-$signal" "${pids[@]}" 2>/dev/null || true
        for attempt in {1..30}; do
            [[ -n $(leftovers) ]] || return 0
            sleep 0.1
        done
    done
    die "processes of this platform cannot be stopped after $attempt checks: ${pids[*]}"
}

# stop_everything: stops services in order and supervisord itself. Nothing of the instance is left.
stop_everything() {
    local pid
    if pid=$(supervisor_pid); then
        # TERM makes supervisord stop its services by priority, then end.
        kill -TERM "$pid"
        timeout 30 tail --pid="$pid" -f /dev/null || warn "supervisord takes too long; killing it"
    fi
    stop_leftovers
    rm -f "$RUN_DIR/supervisor.pid" "$SUPERVISOR_SOCKET"
}

# note_monitoring PART...: remembers which parts of the monitoring were started, and by which
# supervisord: with that one they are gone as well.
note_monitoring() { printf '%s\n' "$(supervisor_pid)" "$@" >"$RUN_DIR/services/monitoring"; }

# monitoring_parts: the parts that run now, one a line.
monitoring_parts() {
    local pid started_by
    if [[ ${MODE:-native} == docker ]]; then
        running_services | grep --fixed-strings --line-regexp "$(printf '%s\n' "${MONITORING[@]}")" || true
        return
    fi
    pid=$(supervisor_pid) || return 0
    [[ -r $RUN_DIR/services/monitoring ]] || return 0
    {
        read -r started_by
        [[ $started_by != "$pid" ]] || cat
    } <"$RUN_DIR/services/monitoring"
}
