#!/usr/bin/env bash
# Removes everything that set-up, build and run have produced: the database too. Keeps .env.
#
# usage: make clean

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

"$REPO/scripts/dev-down.sh"
# Data that could not stay in the clone (see locate_postgres in lib/database.sh).
for link in "$RUN_DIR"/postgres "$RUN_DIR"/test/postgres; do
    [[ ! -L $link ]] || rm -rf "$(readlink -f "$link")"
done
rm -rf "$REPO"/{.run,build,node_modules} "$REPO"/services/*/{node_modules,dist} \
    "$REPO"/{infrastructure/native,tests/e2e}/node_modules
ok "Clean: only sources and .env are left"
