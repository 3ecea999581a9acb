#!/bin/bash
# The part of the real image's entry point that the platform uses: POSTGRES_USER, POSTGRES_PASSWORD,
# POSTGRES_DB, POSTGRES_INITDB_ARGS, the _FILE form of each, and /docker-entrypoint-initdb.d.
set -euo pipefail

# from_file NAME: sets NAME from the file in the variable NAME_FILE.
from_file() {
    local file=$1_FILE
    [[ -z ${!file:-} ]] || export "$1=$(<"${!file}")"
}

create_cluster() {
    local file
    : "${POSTGRES_PASSWORD:?is needed to create the cluster}"
    # shellcheck disable=SC2086 # a list of arguments, as in the real image
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
        --auth-local=trust ${POSTGRES_INITDB_ARGS:-}
    printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
    # The same as in the real image; by default, this build puts its socket into /tmp.
    printf '%s\n' "listen_addresses = '*'" \
        "unix_socket_directories = '/var/run/postgresql'" >>"$PGDATA/postgresql.conf"

    # Without a TCP port until everything is prepared, so that health checks over TCP wait.
    pg_ctl start --wait --options="-c listen_addresses=''"
    export PGHOST=/var/run/postgresql PGUSER=$POSTGRES_USER
    if [[ $POSTGRES_DB != postgres ]]; then createdb --maintenance-db=postgres "$POSTGRES_DB"; fi
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh)
                # shellcheck disable=SC1090 # whatever is mounted there
                if [[ -x $file ]]; then "$file"; else source "$file"; fi
                ;;
            *.sql) psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname="$POSTGRES_DB" --file="$file" ;;
        esac
    done
    pg_ctl stop --wait --mode=fast
    unset PGHOST PGUSER
}

[[ ${1:-} != -* ]] || set -- postgres "$@"
[[ $1 == postgres ]] || exec "$@"
if ((EUID == 0)); then
    install --directory --owner postgres --group postgres --mode 0700 "$PGDATA"
    chown -R postgres: "$PGDATA" /var/run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi

for name in POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB POSTGRES_INITDB_ARGS; do from_file "$name"; done
export POSTGRES_USER=${POSTGRES_USER:-postgres}
export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
[[ -s $PGDATA/PG_VERSION ]] || create_cluster
unset POSTGRES_PASSWORD
exec "$@"
