#!/usr/bin/env bash
# Tests the container mode from end to end, and prints sizes, memory and times:
# - a Docker engine, and the project's images from its own Dockerfiles
# - `make dev-up MODE=docker`, every address through Traefik, and the isolation of the networks
# - the restart of each killed container, and upgrades in place under load without a failed request
# - the monitoring, and the stop, which leaves nothing but the data
#
# usage: tests/containers/run.sh
#   FULL=1  also slow checks that rarely fail: equal layers from another clone, the time of a rebuild, a
#           watcher that ends, and the use of each container under load; a part of make check-all
#   KEEP=1  leaves the platform running
#
# It is a separate instance with its own Compose project, ports and run directory: it does not affect the
# instance of `make dev-up`. It needs root on the machine of the engine, or an engine that answers.

# A separate instance, with the default settings instead of those of .env.
RUN_DIR=$(cd "$(dirname "$0")/../.." && pwd)/.run/test-containers
ENV_FILE=/dev/null
export RUN_DIR ENV_FILE MODE=docker COMPOSE_PROJECT_NAME=mlp-test IMAGE_TAG=test
unset DATABASE_URL COMPOSE_OVERRIDE "${!POSTGRES_@}"
source "$(dirname "$0")/common.sh"
source "$REPO/tests/containers/checks.sh"
source "$REPO/tests/containers/confinement.sh"
no_arguments "$@"
# shellcheck disable=SC2119 # no more ports than those of the platform
choose_ports
# No container publishes this port; confinement.sh checks that it cannot be reached.
export POSTGRES_PORT=5432

TIMINGS=()
# stage NAME COMMAND...: runs a stage and records its duration.
stage() {
    local name=$1 start=$SECONDS
    shift
    printf '\n=== %s\n' "$name"
    "$@"
    TIMINGS+=("$(printf '%5d s  %s' $((SECONDS - start)) "$name")")
}

leave_nothing() {
    [[ -z ${KEEP:-} ]] || return 0
    stop_load || true
    remove_containers_and_data >/dev/null 2>&1 || true
}

# Grafana, Loki and Alloy have no stand-ins. Jaeger's takes minutes, unless infrastructure/jaeger/install.sh has already
# built the program.
stand_ins() {
    local wanted=$RUN_DIR/images.yml without='grafana/'
    mkdir -p "$RUN_DIR"
    [[ -x $TOOLS_DIR/bin/jaeger ]] || without+='|jaeger'
    grep --no-filename ' image: ' "$REPO"/infrastructure/docker/docker-compose{,.monitoring}.yml |
        grep --invert-match --extended-regexp "$without" >"$wanted"
    "$REPO/tests/containers/stand-ins.sh" "$wanted"
}

idempotent() {
    local before after start=$SECONDS
    before=$(compose ps --quiet | sort)
    make dev-up
    after=$(compose ps --quiet | sort)
    [[ $before == "$after" ]] || fail "a second make dev-up replaced containers"
    ok "A second make dev-up changed nothing and took $((SECONDS - start)) s"
}

scripts_work() {
    make dev-status
    make db-seed
    make db-seed | grep --quiet 'Added 0 items' || fail "a second make db-seed added items"
    [[ $("$REPO/scripts/db-shell.sh" -XAtc 'SELECT count(*) >= 10000 FROM items') == t ]] ||
        fail "make db-shell does not see the items"
    local line
    line=$(SERVICE=api TAIL=1 FOLLOW=false "$REPO/scripts/dev-logs.sh")
    [[ $line =~ ^[0-9:.]+' '[a-z]+' '+'api ' ]] || fail "make dev-logs SERVICE=api shows no log: $line"
    ok "make dev-status, db-seed, db-shell and dev-logs work"
}

down() {
    local start=$SECONDS
    refused_elsewhere dev-down
    make dev-down
    make dev-down
    [[ -z $(docker ps --all --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME") ]] ||
        fail "make dev-down left containers"
    [[ -z $(docker network ls --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME") ]] ||
        fail "make dev-down left networks"
    docker volume inspect "${COMPOSE_PROJECT_NAME}_pg_data" >/dev/null || fail "the data is gone"
    refused_elsewhere clean
    docker volume inspect "${COMPOSE_PROJECT_NAME}_pg_data" >/dev/null || fail "another clone removed the data"
    ok "All containers and networks are removed, and the data is kept ($((SECONDS - start)) s)"
}

stage "engine" "$REPO/tests/containers/engine.sh" start
load_env
on_exit leave_nothing
stage "base images and stand-ins" stand_ins
# The tests need a new database.
run_step "Removing an earlier instance" earlier remove_containers_and_data
stage "make build" make build
stage "images" "$REPO/tests/containers/images.sh"
[[ -z ${FULL:-} ]] || stage "hot reload's watcher" check_watcher
stage "make dev-up" make dev-up
stage "probe every address" probe_everything
stage "how containers are confined" check_confinement
stage "isolation of the networks" check_isolation
stage "make dev-up again" idempotent
stage "other commands" scripts_work
stage "memory" check_memory
[[ -z ${FULL:-} ]] || stage "use under load" use_under_load
stage "kill every container" kill_every_container
stage "upgrade in place under load" upgrade_under_load
stage "an upgrade that fails" failing_upgrade
stage "monitoring" check_monitoring
[[ -n ${KEEP:-} ]] || stage "make dev-down, twice" down

printf '\n=== Timings\n'
printf '%s\n' "${TIMINGS[@]}" "$(printf '%5d s  all' "$SECONDS")"
ok "The container mode works"
