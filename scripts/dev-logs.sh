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
{ tail -v -n "${TAIL:-20}" "${follow[@]}" "${files[@]/#/$LOG_DIR/}" 2>/dev/null || true; } | sed -u -E "
    /^\$/d
    /^==> .* <==\$/ { s|.*/(.+)\.log <==|\1|; s/-(access|stderr)\$//; s/^.{1,7}\$/&       /; s/^(.{8}) +\$/\1/; h; d }
    G
    s/^(.*)\n(.*)\$/$BOLD\2 |$RESET \1/"
