#!/usr/bin/env bash
# Stops the platform in order, with all its processes or containers. Keeps data and logs in .run/ or
# in the volume pg_data.
#
# usage: make dev-down [MODE=docker|native]   (default: what runs)

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

start=$(microseconds)
take_lock
choose_mode
load_env
if [[ $MODE == docker ]]; then
    if [[ -z $(compose ps --all --quiet) ]]; then
        ok "The platform is not running"
        exit 0
    fi
    refuse_foreign_project
    run_step "Stopping the containers" containers stop_containers
elif native_runs; then
    info "Stopping: gateway, then the services, then the database"
    stop_everything
else
    ok "The platform is not running"
    exit 0
fi
ok "Everything is stopped ($(elapsed "$start"))"
