#!/usr/bin/env bash
# Stops the monitoring; the platform goes on. What it has stored stays in .run/.
#
# usage: make monitoring-down

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

start=$(microseconds)
take_lock
load_env
if [[ -z $(monitoring_parts) ]]; then
    ok "The monitoring is not running"
    exit 0
fi
ensure_gateway
ensure_node
locate_postgres
stop_monitoring
ok "The monitoring is stopped ($(elapsed "$start"))"
