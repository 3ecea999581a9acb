#!/usr/bin/env bash
# Loads 10,000 plausible items into the database. A second run adds only the missing ones.
#
# usage: make db-seed

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

choose_mode
load_env
require_database
start=$(microseconds)
added=$(app_psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 \
    --file=- <"$REPO/services/api/seeds/items.sql") ||
    die "the items could not be loaded" "if the table is missing, run: make dev-up"
total=$(app_psql --no-psqlrc --quiet --tuples-only --no-align --command='SELECT count(*) FROM items')
ok "Added $added items, there are $total now ($(elapsed "$start"))"
