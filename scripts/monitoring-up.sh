#!/usr/bin/env bash
# Starts the monitoring: Prometheus, Alertmanager, the exporters, and of Jaeger, Loki, Alloy and
# Grafana what is installed. Says what is missing and how to get it. Starts the platform first when
# it does not run.
#
# usage: make monitoring-up
#
# While Jaeger runs, the API, Dash and Traefik send it their spans; they are restarted once for that.

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

start=$(microseconds)
supervisor_pid >/dev/null || "$REPO/scripts/dev-up.sh"
take_lock
load_env
with_setup_lock ensure_packages monitoring
ensure_gateway
ensure_node
locate_postgres
ensure_supervisor
start_monitoring
name_missing_parts
ok "The monitoring is up ($(elapsed "$start"))"
print_monitoring_urls
info "make dev-status shows its parts, make monitoring-down stops them."
