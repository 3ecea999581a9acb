#!/usr/bin/env bash
# Stops the platform in order and leaves no process behind. Data and logs stay in .run/.
#
# usage: make dev-down

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

start=$(microseconds)
take_lock
load_env
if ! supervisor_pid >/dev/null && [[ -z $(leftovers) ]]; then
    ok "The platform is not running"
    exit 0
fi
info "Stopping: gateway, then the services, then the database"
stop_everything
ok "Everything is stopped ($(elapsed "$start"))"
