#!/bin/sh
# Runs role.sql inside the container. The image calls it when the data directory is new (it lies in
# /docker-entrypoint-initdb.d), `make dev-up` at every start, so that a changed password holds.
# The socket inside the container needs no password: whoever can run this has the files anyway.
set -eu
POSTGRES_PASSWORD=$(cat /run/secrets/postgres_password)
export POSTGRES_PASSWORD
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
    --set=role="$APP_ROLE" --set=database="$APP_DATABASE" --file=/etc/mlp/role.sql
