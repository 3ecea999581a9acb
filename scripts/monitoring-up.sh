#!/usr/bin/env bash
# Starts the monitoring: Prometheus, Alertmanager, the exporters, Jaeger, Loki, Alloy and Grafana;
# in native mode the installed ones, and says how to install the others. Starts the platform first
# if it does not run.
#
# usage: make monitoring-up [MODE=docker|native]   (default: that of the platform)
#
# While Jaeger runs, the API, Dash and Traefik send it their spans. They are restarted once for
# this, in containers without a failed request (except for Traefik).

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

in_containers() {
    refuse_foreign_project
    uses_compose_file monitoring || on_exit forget_when_failed
    use_compose_file monitoring yes
    check_published_ports
    bring_up
    wait_for_targets
}

# What could not start must not be in the way of the next `make dev-up`, which removes what is left of it.
forget_when_failed() { (($1 == 0)) || use_compose_file monitoring no; }

natively() {
    with_setup_lock ensure_packages monitoring
    ensure_gateway
    ensure_node
    locate_postgres
    ensure_supervisor
    start_monitoring
    name_missing_parts
}

start=$(microseconds)
choose_mode
if [[ $MODE == docker ]]; then containers_run; else supervisor_pid >/dev/null; fi ||
    "$REPO/scripts/dev-up.sh"
take_lock
load_env
if [[ $MODE == docker ]]; then in_containers; else natively; fi
ok "The monitoring is up ($(elapsed "$start"))"
print_monitoring_urls
info "make dev-status shows its parts, make monitoring-down stops them."
