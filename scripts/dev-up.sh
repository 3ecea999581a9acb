#!/usr/bin/env bash
# Installs missing parts, builds the changes, starts the platform and prints its URLs.
#
# usage: make dev-up [MODE=docker|native] [RELOAD=true|false]
#
# Called again it changes nothing that is right: it rebuilds what changed and replaces what that
# concerns, in containers without a failed request. Settings come from .env, which is created from
# .env.example the first time.
#   MODE          docker (containers), native (processes of this machine), or auto, the default: what
#                 runs already, else docker where an engine answers
#   RELOAD        true: a saved source file is rebuilt or reloaded at once, in native mode those of the
#                 React app only; holds until false

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

in_containers() {
    refuse_foreign_project
    check_published_ports
    containers_run || on_exit stop_when_interrupted
    build_images "${REPLICATED[@]}"
    bring_up
}

natively() {
    # Before the long steps, where the tool for it is there already; start_platform asks again.
    ! command -v ss >/dev/null || check_ports "${SERVICES[@]}"
    ensure_tools run
    build_targets api dash-app react-app
    supervisor_pid >/dev/null || on_exit stop_when_interrupted
    start_platform
}

# Interrupted half-way, a first start leaves nothing running; a platform that ran before goes on.
stop_when_interrupted() {
    (($1 >= 128)) || return 0
    if [[ $MODE == docker ]]; then stop_containers; else stop_everything; fi
}

start=$(microseconds)
take_lock
if [[ ! -e $REPO/.env ]]; then
    (umask 077 && cp "$REPO/.env.example" "$REPO/.env")
    info "Created .env from .env.example"
fi
choose_mode
refuse_other_mode
case ${RELOAD:-} in
    true) use_compose_file dev yes ;;
    false) use_compose_file dev no ;;
    '') ;;
    *) die "RELOAD must be true or false, not '$RELOAD'" ;;
esac
load_env
if [[ $MODE == docker ]]; then in_containers; else natively; fi
ok "The platform is up, $(mode_in_words) ($(elapsed "$start"))"
print_urls
info "make dev-status shows the services, make dev-logs follows them, make dev-down stops them."
