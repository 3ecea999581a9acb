#!/usr/bin/env bash
# Stops the monitoring; the platform keeps running. Keeps the monitoring's data in .run/ or in
# volumes.
#
# usage: make monitoring-down [MODE=docker|native]   (default: that of the platform)

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

natively() {
    ensure_gateway
    ensure_node
    locate_postgres
    stop_monitoring
}

# What is in no file of the project any more is removed; the services stop sending spans.
in_containers() {
    refuse_foreign_project
    on_exit remember_when_failed
    use_compose_file monitoring no
    bring_up
}

# What may still run is still ours to show, and to stop at the next try.
remember_when_failed() { (($1 == 0)) || use_compose_file monitoring yes; }

start=$(microseconds)
take_lock
choose_mode
load_env
if [[ -z $(monitoring_parts) ]]; then
    ok "The monitoring is not running"
    exit 0
fi
if [[ $MODE == docker ]]; then in_containers; else natively; fi
ok "The monitoring is stopped ($(elapsed "$start"))"
