#!/usr/bin/env bash
# Replaces two replicas of the API behind the gateway, one after the other, under constant load and
# with a migration in between. No request may fail, and every event must arrive exactly once.
#
# usage: make rolling
#   RATE    requests a second (200)
#   SIGNAL  the signal that stops the old replicas (TERM). SIGNAL=KILL shows the effect of the drain
#
# It has an instance of its own, below .run/rolling/, on free ports.

RUN_DIR=$(cd "$(dirname "$0")/../.." && pwd)/.run/rolling
ENV_FILE=/dev/null
unset DATABASE_URL "${!POSTGRES_@}"
source "$(dirname "$0")/../../scripts/lib/platform.sh"
no_arguments "$@"
HERE=$REPO/tests/rolling
RATE=${RATE:-200}
SIGNAL=${SIGNAL:-TERM}
# A stopping replica serves for this long. The gateway's health check runs every 2 s and takes at most 1 s.
DELAY=4
export CATEGORY='Rolling deployment'
declare -A PIDS=()

# start_replica PORT RELEASE: starts an API that knows the migrations of its release.
start_replica() {
    local environment
    mapfile -t environment < <(service_env api)
    env -i "${environment[@]}" API_PORT="$1" MIGRATIONS_DIR="$RUN_DIR/$2" DRAIN_DELAY_SECONDS=$DELAY \
        "$BUILD_DIR/services/api/api" serve >>"$LOG_DIR/api-$1.log" 2>&1 9>&- &
    PIDS[$1]=$!
    wait_until 30 answers "http://127.0.0.1:$1/ready" || die "the API on port $1 does not become ready" \
        "its log: $LOG_DIR/api-$1.log"
}

# gateway_says PORT STATE: true if the gateway's health check of that replica has this state.
gateway_says() {
    curl --silent --fail "http://127.0.0.1:$(port_of traefik-dashboard)/api/http/services/api@file" |
        grep -q "\"http://127.0.0.1:$1\":\"$2\""
}

# replace PORT: stops the old replica, starts the new one, and waits until the gateway uses it.
replace() {
    local status=0 begin
    begin=$(microseconds)
    kill "-$SIGNAL" "${PIDS[$1]}"
    wait "${PIDS[$1]}" || status=$?
    ((status == 0)) || PROBLEMS+=("the old replica on port $1 ended with $status")
    start_replica "$1" new
    wait_until 30 gateway_says "$1" UP || die "the gateway does not use port $1 again"
    ok "The replica on port $1 is replaced ($(elapsed "$begin"))"
}

# served_by PORT: prints the number of requests for items that the replica has answered.
served_by() {
    curl --silent --fail "http://127.0.0.1:$1/metrics" |
        awk '/^http_server_requests_total\{.*route="\/v1\/items/ { sum += $NF } END { print sum + 0 }'
}

prepare_releases() {
    local last
    rm -rf "$RUN_DIR"/{old,new}
    cp -R "$REPO/services/api/migrations" "$RUN_DIR/old"
    cp -R "$REPO/services/api/migrations" "$RUN_DIR/new"
    last=$(find "$RUN_DIR/old" -name '*.sql' -printf '%f\n' | sort | tail -n 1)
    cp "$HERE/expand.sql" "$RUN_DIR/new/$(printf '%04d' $((10#${last%%_*} + 1)))_expand.sql"
}

# The routes of native mode, but with two servers, and with /ready as the health check, so that a stopping
# replica gets no more requests. In Kubernetes the readiness probe does that.
render_gateway() {
    local given=$REPO/infrastructure/traefik/dynamic routes=$RUN_DIR/traefik/dynamic/routes.yml
    render_traefik
    mkdir -p "${routes%/*}"
    cp "$given/middlewares.yml" "${routes%/*}/"
    sed -e '/{{ env "API_SERVER" }}/{p;s|{{ env "API_SERVER" }}|127.0.0.1:'"$SECOND_PORT"'|}' \
        -e 's|path: /health$|path: /ready|' "$given/routes.yml" >"$routes"
    [[ $(diff "$given/routes.yml" "$routes" | grep -c '^>') == 2 ]] ||
        die "routes.yml has another shape than this test expects" "see: $routes"
    sed -i "s|directory: .*|directory: '${routes%/*}'|" "$RUN_DIR/traefik/traefik.yml"
}

start=$(microseconds)
take_lock
choose_ports SECOND_PORT
load_env
ensure_tools run
build_targets api

on_exit stop_everything
stop_everything
[[ ! -L $RUN_DIR/postgres ]] || rm -rf "$(readlink -f "$RUN_DIR/postgres")"
rm -rf "$RUN_DIR"/{postgres,services,traefik,logs}
mkdir -p "$LOG_DIR"
prepare_releases
locate_postgres
ensure_supervisor
start_database
render_gateway
start_replica "$API_PORT" old
start_replica "$SECOND_PORT" old
ensure_service traefik
wait_until 30 gateway_says "$API_PORT" UP || service_failed traefik
wait_until 30 gateway_says "$SECOND_PORT" UP || service_failed traefik

PROBLEMS=()
: >"$LOG_DIR/load.log"
BASE_URL=$BASE_URL RATE=$RATE node "$HERE/load.mjs" >"$RUN_DIR/report.json" 2>"$LOG_DIR/load.log" 9>&- &
load=$!
wait_until 30 grep -q 'the load is on' "$LOG_DIR/load.log" || die "the load does not start" "its log: $LOG_DIR/load.log"
sleep 2
mapfile -t environment < <(service_env api)
run_step "Migrating under load" migrate-new env -i "${environment[@]}" MIGRATIONS_DIR="$RUN_DIR/new" \
    "$BUILD_DIR/services/api/api" migrate
replace "$API_PORT"
replace "$SECOND_PORT"
sleep 2
kill -TERM "$load"
wait "$load" || PROBLEMS+=("requests failed")

cat "$RUN_DIR/report.json"
stored=$(app_psql --no-psqlrc --tuples-only --no-align --set=category="$CATEGORY" \
    <<<"SELECT count(*) FROM items WHERE category = :'category'")
created=$(sed -n 's/^  "created": \([0-9]*\),$/\1/p' "$RUN_DIR/report.json")
[[ $stored == "$created" ]] || PROBLEMS+=("$created items were acknowledged, and $stored are stored")
filled=$(app_psql --no-psqlrc --tuples-only --no-align <<<"SELECT count(*) FROM items WHERE title IS NOT NULL")
((filled > 0)) || PROBLEMS+=("the migration had no effect")
for port in "$API_PORT" "$SECOND_PORT"; do
    (($(served_by "$port") > 0)) || PROBLEMS+=("the new replica on port $port served nothing")
done
((${#PROBLEMS[@]} == 0)) || die "clients noticed the deployment:" "${PROBLEMS[@]}" "logs: $LOG_DIR"
ok "No client noticed the deployment ($(elapsed "$start"))"
