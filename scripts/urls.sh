#!/usr/bin/env bash
# Prints the addresses of the platform.
#
# usage: make urls

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"
choose_mode
load_env
print_urls
print_monitoring_urls
native_runs || containers_run || info "The platform is not running. Start it with: make dev-up"
