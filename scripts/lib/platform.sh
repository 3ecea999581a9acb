# The steps of bringing an instance up, shared by `make dev-up` and `make test`. Sourced, never run.
# shellcheck shell=bash

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/env.sh
source "$REPO/scripts/lib/env.sh"
# shellcheck source=scripts/lib/setup.sh
source "$REPO/scripts/lib/setup.sh"
# shellcheck source=scripts/lib/database.sh
source "$REPO/scripts/lib/database.sh"
# shellcheck source=scripts/lib/supervisor.sh
source "$REPO/scripts/lib/supervisor.sh"
# shellcheck source=scripts/lib/health.sh
source "$REPO/scripts/lib/health.sh"
# shellcheck source=scripts/lib/monitoring.sh
source "$REPO/scripts/lib/monitoring.sh"
# shellcheck source=scripts/lib/mode.sh
source "$REPO/scripts/lib/mode.sh"
# shellcheck source=scripts/lib/compose.sh
source "$REPO/scripts/lib/compose.sh"

# ensure_tools run|test: everything that is installed rather than built.
ensure_tools() {
    with_setup_lock _ensure_tools "$1"
    ok "Tools are installed"
}
_ensure_tools() {
    ensure_packages "$1"
    ensure_gateway
    ensure_node
    ensure_npm_packages
}

# render_traefik: the static configuration, which Traefik does not template by itself; with the
# part for traces when there is somebody to send them to.
render_traefik() {
    local text OTLP_ENDPOINT
    OTLP_ENDPOINT=$(otlp_endpoint)
    text=$(<"$REPO/infrastructure/traefik/native/traefik.yml")
    [[ -z $OTLP_ENDPOINT ]] || text+=$'\n\n'$(<"$REPO/infrastructure/traefik/native/tracing.yml")
    expand "$text"
    mkdir -p "$RUN_DIR/traefik"
    printf '%s\n' "$EXPANDED" >"$RUN_DIR/traefik/traefik.yml"
}

page_settings() { service_env react | grep ^VITE_; }
_build_page() {
    local settings
    mapfile -t settings < <(page_settings)
    cd "$REPO/services/react-app" || return
    env "${settings[@]}" npx --no-install vite build --outDir "$RUN_DIR/page" --emptyOutDir
    "$REPO/infrastructure/docker/compress-files.sh" "$RUN_DIR/page"
}

# build_page: the React app as browsers load it. Each instance has its own, since the addresses of the API and of
# Traefik's dashboard are in it. `make lint` checks its types.
build_page() {
    local key files stamp=$RUN_DIR/page.stamp
    ! reloads || return 0
    mapfile -t files < <(find "$REPO"/services/react-app/{src,public} -type f ! -name '*.test.*' | sort)
    key=$(hash_of "${files[@]}" "$REPO"/services/react-app/{index.html,vite.config.ts} "$REPO/package-lock.json")$(page_settings)
    if [[ -f $RUN_DIR/page/index.html ]] && up_to_date "$stamp" "$key"; then return; fi
    with_setup_lock run_step "Building the React app" react-build _build_page
    record "$stamp" "$key"
}

# start_database: PostgreSQL with the role, the database and the current schema.
start_database() {
    ensure_cluster
    ensure_service postgres
    wait_until 30 healthy postgres || service_failed postgres
    run_step "Preparing role and database" database ensure_role_and_database
    run_step "Migrating the schema" migrate migrate
}

# start_services: everything but the database, all at once, since each takes a second or two.
start_services() {
    local service jobs=()
    for service in "${SERVICES[@]:1}"; do
        ensure_service "$service" &
        jobs+=($!)
    done
    for service in "${jobs[@]}"; do wait "$service"; done
}

# start_platform: starts what does not run, restarts what changed, waits until all is healthy.
start_platform() {
    local service start
    locate_postgres
    check_ports "${SERVICES[@]}"
    ensure_supervisor
    build_page
    start_database
    render_traefik
    start_services
    start=$(microseconds)
    for service in "${SERVICES[@]}"; do
        wait_until "${HEALTH_TIMEOUT:-60}" reachable "$service" || service_failed "$service"
    done
    ok "All services are healthy (waited $(elapsed "$start"))"
}

print_urls() {
    local api=$BASE_URL/api database
    database="localhost:$(port_of postgres), database $POSTGRES_DB (make db-shell)"
    [[ ${MODE:-native} == native ]] || uses_compose_file dev || database='in a network of its own (make db-shell)'
    printf '\n'
    printf "  ${BOLD}%-20s${RESET} %s\n" \
        "React" "$BASE_URL/" \
        "Dash" "$BASE_URL/dash/" \
        "API documentation" "$api/docs" \
        "API" "$api/v1/items" \
        "OpenAPI" "$api/openapi.json" \
        "Traefik dashboard" "http://localhost:$(port_of traefik-dashboard)/dashboard/" \
        "PostgreSQL" "$database"
    printf '\n'
}
