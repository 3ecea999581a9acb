#!/bin/sh
# Runs role.sql inside the container. The image calls it for a new data directory (from
# /docker-entrypoint-initdb.d), and `make dev-up` at every start, which applies a changed password.
# The socket inside the container needs no password: a process there can read the data files anyway.
set -eu
POSTGRES_PASSWORD=$(cat /run/secrets/postgres_password)
export POSTGRES_PASSWORD
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
    --set=role="$APP_ROLE" --set=database="$APP_DATABASE" --file=/etc/mlp/role.sql
