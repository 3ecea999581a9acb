#!/usr/bin/env bash
# Follows the logs of all services, each line with the name of its service; Ctrl-C ends it.
#
# usage: make dev-logs [SERVICE=api] [TAIL=20] [FOLLOW=false]
#   SERVICE  one of postgres, api, dash, react, traefik, or a part of the monitoring, such as prometheus;
#            with containers also socket-proxy
#   TAIL     how many earlier lines to show of each log
#   FOLLOW   false: shows those and ends, for a pipe

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

[[ ${TAIL:-20} =~ ^[0-9]+$ ]] || die "TAIL must be a number, not '$TAIL'"
[[ ${FOLLOW:-true} =~ ^(true|false)$ ]] || die "FOLLOW must be true or false, not '$FOLLOW'"
choose_mode
if [[ $MODE == docker ]]; then
    load_env
    [[ -n $(compose ps --all --quiet) ]] ||
        die "there are no logs yet" "start the platform with: make dev-up"
    follow=(--follow)
    [[ ${FOLLOW:-true} == true ]] || follow=()
    compose logs "${follow[@]}" --tail "${TAIL:-20}" ${SERVICE:+"$SERVICE"}
    exit
fi

# log_files SERVICE: Traefik keeps its access log apart from its own messages.
log_files() {
    case $1 in
        traefik) printf '%s\n' "$LOG_DIR"/traefik{,-access,-stderr}.log ;;
        *) printf '%s\n' "$LOG_DIR/$1.log" ;;
    esac
}

wanted=("${SERVICES[@]}")
if [[ -n ${SERVICE:-} ]]; then
    [[ " ${SERVICES[*]} ${MONITORING[*]} " == *" $SERVICE "* ]] ||
        die "unknown service: $SERVICE" "services: ${SERVICES[*]} ${MONITORING[*]}"
    wanted=("$SERVICE")
fi
[[ -d $LOG_DIR ]] || die "there are no logs yet" "start the platform with: make dev-up"

# Each follower is a pipe of its own; they end with this script.
stop_followers() {
    local pids
    mapfile -t pids < <(jobs -p)
    ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null || true
}
on_exit stop_followers
colours=(34 32 35 36 33)
for index in "${!wanted[@]}"; do
    prefix=$(printf '%-8s |' "${wanted[$index]}")
    [[ -z $RESET ]] || prefix=$'\e['"${colours[$index]}m$prefix$RESET"
    mapfile -t files < <(log_files "${wanted[$index]}")
    if [[ ${FOLLOW:-true} == false ]]; then
        { tail -q -n "${TAIL:-20}" "${files[@]}" 2>/dev/null || true; } | sed "s/^/${prefix//\//\\/} /"
        continue
    fi
    # -F goes on when supervisord rotates a file.
    tail -q -n "${TAIL:-20}" -F "${files[@]}" 2>/dev/null \
        > >(exec sed -u "s/^/${prefix//\//\\/} /") &
done
wait
