#!/usr/bin/env bash
# Sets up what is missing, builds what changed, starts the platform and prints its URLs.
#
# usage: make dev-up [MODE=native]
#
# Called again it changes nothing that is right: it rebuilds what changed and restarts what that
# concerns. Settings come from .env, which is created from .env.example the first time.
#   MODE          native (processes of this machine) or auto (the default; native today)
#   GATEWAY_PORT  port of the gateway, when it must not be the one of .env

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

case ${MODE:-auto} in
    native) ;;
    auto)
        if command -v docker >/dev/null && timeout 3 docker info >/dev/null 2>&1; then
            info "A Docker engine answers, but the containers are not available yet: using native mode."
        fi
        ;;
    docker) die "not available yet: MODE=docker (the containers come later); use MODE=native" ;;
    *) die "MODE must be auto, native or docker, not '$MODE'" ;;
esac

start=$(microseconds)
take_lock
if [[ ! -e $REPO/.env ]]; then
    (umask 077 && cp "$REPO/.env.example" "$REPO/.env")
    info "Created .env from .env.example"
fi
load_env
# Before the long steps, where the tool for it is there already; start_platform asks again.
! command -v ss >/dev/null || check_ports "${SERVICES[@]}"
ensure_tools run
build_targets api dash-app

# Interrupted half-way, a first start leaves nothing running; a platform that ran before goes on.
stop_when_interrupted() { if (($1 >= 128)); then stop_everything; fi; }
supervisor_pid >/dev/null || on_exit stop_when_interrupted
start_platform
ok "The platform is up ($(elapsed "$start"))"
print_urls
info "make dev-status shows the services, make dev-logs follows them, make dev-down stops them."
