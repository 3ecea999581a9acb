#!/usr/bin/env bash
# Follows the logs of all services: time, level, service, what happened, trace. Ctrl-C ends it.
#
# usage: make dev-logs [SERVICE=api] [TRACE=4bf92f35] [FORMAT=json] [TAIL=20] [FOLLOW=false]
#   SERVICE  one of postgres, api, dash, react, traefik, or a part of the monitoring, such as prometheus;
#            with containers also socket-proxy
#   TRACE    the beginning of a trace id: only the lines of that request, in all services
#   FORMAT   short (default), or json: the lines as the services write them
#   TAIL     how many earlier lines to look at of each log (20; with TRACE 10000)
#   FOLLOW   false: shows those and ends, for a pipe

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

TAIL=${TAIL:-$([[ -z ${TRACE:-} ]] && echo 20 || echo 10000)}
[[ $TAIL =~ ^[0-9]+$ ]] || die "TAIL must be a number, not '$TAIL'"
[[ ${TRACE:-} =~ ^[0-9a-f]*$ ]] || die "TRACE must be the beginning of a trace id: digits and a to f, not '$TRACE'"
[[ ${FORMAT:-short} =~ ^(short|json)$ ]] || die "FORMAT must be short or json, not '$FORMAT'"
[[ ${FOLLOW:-true} =~ ^(true|false)$ ]] || die "FOLLOW must be true or false, not '$FOLLOW'"
# for_people: what is shown of the lines "SERVICE | LINE".
for_people() {
    if [[ ${FORMAT:-short} == json ]]; then
        grep --line-buffered --fixed-strings -e "${TRACE:-}" || true
    elif command -v python3 >/dev/null; then
        python3 "$REPO/scripts/lib/log_lines.py" "${TRACE:-}"
    else
        warn "without python3 the lines are shown as they are: FORMAT=json"
        FORMAT=json for_people
    fi
}

# Ctrl-C is the ordinary end.
trap 'exit 0' INT
choose_mode
if [[ $MODE == docker ]]; then
    load_env
    [[ -n $(compose ps --all --quiet) ]] ||
        die "there are no logs yet" "start the platform with: make dev-up"
    follow=(--follow)
    [[ ${FOLLOW:-true} == true ]] || follow=()
    compose logs "${follow[@]}" --no-color --tail "$TAIL" ${SERVICE:+"$SERVICE"} | for_people
    exit
fi

wanted=("${SERVICES[@]}")
if [[ -n ${SERVICE:-} ]]; then
    [[ " ${SERVICES[*]} ${MONITORING[*]} " == *" $SERVICE "* ]] ||
        die "unknown service: $SERVICE" "services: ${SERVICES[*]} ${MONITORING[*]}"
    wanted=("$SERVICE")
fi
[[ -d $LOG_DIR ]] || die "there are no logs yet" "start the platform with: make dev-up"

files=("${wanted[@]/%/.log}")
# Traefik keeps its access log apart from its own messages.
[[ " ${wanted[*]} " != *' traefik '* ]] || files+=(traefik-access.log traefik-stderr.log)
# -F goes on when supervisord rotates a file.
follow=(-F)
[[ ${FOLLOW:-true} == true ]] || follow=()
# tail writes "==> FILE <==" when the lines of another file begin: sed keeps that name, and puts it before each line.
{ tail -v -n "$TAIL" "${follow[@]}" "${files[@]/#/$LOG_DIR/}" 2>/dev/null || true; } | sed -u -E "
    /^\$/d
    /^==> .* <==\$/ { s|.*/(.+)\.log <==|\1|; s/-(access|stderr)\$//; s/^.{1,7}\$/&       /; s/^(.{8}) +\$/\1/; h; d }
    G
    s/^(.*)\n(.*)\$/\2 | \1/" | for_people
