#!/usr/bin/env bash
# Opens psql on the platform's database, as the role of the API.
#
# usage: make db-shell
#        scripts/db-shell.sh [psql arguments], for example: scripts/db-shell.sh -c 'TABLE items LIMIT 3'

source "$(dirname "$0")/lib/platform.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac

choose_mode
load_env
require_database
app_psql "$@"
