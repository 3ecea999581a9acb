# The platform in containers: the Compose project, its secrets, start and upgrade of an instance.
# Sourced, never run.
# shellcheck shell=bash

# Services that are upgraded in place, by a second replica: whatever the browser's requests reach.
REPLICATED=(api dash react)

# compose ARGUMENT...: Compose with the files of this instance. Which ones is remembered, so that
# whoever comes later (make dev-logs) speaks of the same services.
compose() {
    local name files=(--file "$REPO/infrastructure/docker/docker-compose.yml")
    while read -r name; do
        files+=(--file "$REPO/infrastructure/docker/docker-compose.$name.yml")
    done < <(cat "$RUN_DIR/compose-files" 2>/dev/null)
    [[ -z ${COMPOSE_OVERRIDE:-} ]] || files+=(--file "$COMPOSE_OVERRIDE")
    docker compose "${files[@]}" "$@"
}

# uses_compose_file NAME: whether docker-compose.NAME.yml is one of them.
uses_compose_file() { grep --quiet --line-regexp --no-messages "$1" "$RUN_DIR/compose-files"; }

# reloads: whether RELOAD=true holds. Natively only Vite reloads.
reloads() { uses_compose_file dev; }

# use_compose_file NAME yes|no: adds or takes away docker-compose.NAME.yml.
use_compose_file() {
    local names
    mkdir -p "$RUN_DIR"
    names=$(grep --invert-match --line-regexp --no-messages "$1" "$RUN_DIR/compose-files") || true
    {
        [[ -z $names ]] || printf '%s\n' "$names"
        [[ $2 == no ]] || printf '%s\n' "$1"
    } >"$RUN_DIR/compose-files"
}

# _write_secret NAME VALUE. Readable for all, since a container sees the file with the owner that it
# has here, which is not the user inside; the directory keeps everybody else out.
_write_secret() {
    local file=$RUN_DIR/secrets/$1
    [[ -r $file && $(<"$file") == "$2" ]] || printf '%s' "$2" >"$file"
    chmod 0644 "$file"
}

# write_secrets: the files that docker-compose.yml mounts, from the settings. The superuser's
# password is nobody's to know: it is made once.
write_secrets() {
    local directory=$RUN_DIR/secrets
    mkdir -p "$directory"
    chmod 0700 "$directory"
    _write_secret postgres_password "$POSTGRES_PASSWORD"
    _write_secret database_url "$DATABASE_URL"
    _write_secret postgres_exporter_password "$POSTGRES_EXPORTER_PASSWORD"
    _write_secret grafana_admin_password "$GRAFANA_ADMIN_PASSWORD"
    [[ -r $directory/postgres_superuser_password ]] ||
        _write_secret postgres_superuser_password "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
}

# export_versions: labels of containers, by which another password or another configuration means
# another container. Compose does not look into the files that it mounts.
export_versions() {
    local part files
    SECRETS_VERSION=$(hash_of "$RUN_DIR/secrets/database_url")
    export SECRETS_VERSION
    for part in "${MONITORING[@]}" socket-proxy-logs; do
        mapfile -t files < <(configuration_of "$part")
        [[ $part != postgres-exporter ]] || files+=("$RUN_DIR/secrets/postgres_exporter_password")
        ((${#files[@]} == 0)) || export "$(version_variable "$part")=$(hash_of "${files[@]}")"
    done
}

# version_variable PART: the variable that docker-compose.monitoring.yml makes a label of PART.
version_variable() {
    local name=${1^^}
    printf '%s_CONFIG_VERSION' "${name//-/_}"
}

# container_ids SERVICE: its containers, running or not.
container_ids() { compose ps --all --quiet "$1"; }

# running_services: one a line.
running_services() { compose ps --services --status running; }

# inspect ID FORMAT
inspect() { docker inspect --format "$2" "$1"; }

# container_healthy ID: running, and healthy if it has a health check.
container_healthy() {
    local state
    state=$(inspect "$1" '{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}') || return 1
    [[ $state == 'running healthy' || $state == 'running ' ]]
}

# settled ID: a new container is healthy, or never going to be: it has ended by itself.
settled() {
    container_healthy "$1" || [[ $(inspect "$1" '{{.RestartCount}} {{.State.Status}}') != '0 running' ]]
}

# container_failed ID [ADVICE...]: shows the end of its log and exits.
container_failed() {
    local name
    name=$(inspect "$1" '{{.Name}}')
    {
        docker logs --tail 20 "$1" 2>&1
        inspect "$1" '{{with .State.Health}}{{range .Log}}health check: {{.Output}}{{end}}{{end}}' |
            tail -n 3
    } | sed 's/^/  | /' >&2
    die "${name#/} is not healthy ($(inspect "$1" '{{.State.Status}}, exit code {{.State.ExitCode}}'))" \
        "its log: docker logs ${name#/}" "${@:2}"
}

# refuse_foreign_project: Compose goes by the project's name alone. Another clone with the same one would have its
# containers replaced and its database removed. A clone that is gone, or was moved here, has no say.
refuse_foreign_project() {
    local tree
    while read -r tree; do
        tree=${tree%/infrastructure/docker}
        [[ ! -d $tree || $tree -ef $REPO ]] ||
            die "the containers or the database of the project '$COMPOSE_PROJECT_NAME' belong to another clone: $tree" \
                "give this one another COMPOSE_PROJECT_NAME in .env"
    done < <(
        docker ps --all --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" \
            --format '{{.Label "com.docker.compose.project.working_dir"}}'
        docker volume ls --filter "name=^${COMPOSE_PROJECT_NAME}_pg_data\$" --format '{{.Label "mlp.tree"}}'
    )
}

# _make_volume: of the database, with a label that says whose it is. Not in docker-compose.yml: Compose offers to
# remove a volume whose labels differ from its file, as they would when the clone was moved.
_make_volume() {
    docker volume create --label "mlp.tree=$REPO" --label com.docker.compose.volume=pg_data \
        --label "com.docker.compose.project=$COMPOSE_PROJECT_NAME" "${COMPOSE_PROJECT_NAME}_pg_data"
}

# published_ports: the settings whose ports containers publish, one a line.
published_ports() {
    local listener listeners=(traefik traefik-dashboard)
    ! uses_compose_file dev || listeners+=(postgres)
    ! uses_compose_file monitoring || listeners+=(prometheus alertmanager grafana loki alloy jaeger)
    for listener in "${listeners[@]}"; do port_variable "$listener" && echo; done
}

# check_published_ports: those that no container of ours has yet must be free.
check_published_ports() {
    local name ours needed=()
    command -v ss >/dev/null || return 0
    ours=$(docker ps --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" --format '{{.Ports}}')
    for name in $(published_ports); do
        [[ $ours == *":${!name}->"* ]] || needed+=("$name")
    done
    need_free_ports "${needed[@]}"
}

# No call of `compose up` here has --no-deps: Compose would compare services without what they depend
# on, and find others than before.

# outdated SERVICE: whether a container of it was made of another image or with other settings.
outdated() {
    local id hash image
    # Of the resolved file: for the one with `env_file`, Compose does not hash what is in the env files.
    hash=$(compose config | docker compose --file - config --hash "$1" | awk '{ print $2 }')
    for id in $(container_ids "$1"); do
        image=$(docker image inspect --format '{{.Id}}' "$(inspect "$id" '{{.Config.Image}}')") || return 0
        [[ $(inspect "$id" '{{index .Config.Labels "com.docker.compose.config-hash"}} {{.Image}}') == \
            "$hash $image" ]] || return 0
    done
    return 1
}

# gateway_sends_to SERVICE ID: whether Traefik counts that container among those that are up.
gateway_sends_to() {
    local address servers
    address=$(inspect "$2" "{{(index .NetworkSettings.Networks \"${COMPOSE_PROJECT_NAME}_frontend\").IPAddress}}")
    servers=$(curl --silent --fail --max-time 2 \
        "http://127.0.0.1:$(port_of traefik-dashboard)/api/http/services/$1@docker") || return 1
    [[ $servers =~ \"http://$address:[0-9]+\":\"UP\" ]]
}

# upgrade SERVICE: replaces its containers by new ones without a failed request: a second replica
# starts; once it is healthy and Traefik sends to it, the old one is stopped. That one first says 503
# on /ready, so that Traefik sends it nothing new, and ends when it has answered what it had. A new
# one that does not get healthy is removed, and the old one goes on.
upgrade() {
    local service=$1 old new
    mapfile -t old < <(container_ids "$service")
    compose up --detach --no-recreate --scale "$service=$((${#old[@]} + 1))" "$service"
    new=$(container_ids "$service" | grep --invert-match --fixed-strings --line-regexp \
        "$(printf '%s\n' "${old[@]}")")
    wait_until "${HEALTH_TIMEOUT:-60}" settled "$new" || true
    if ! container_healthy "$new"; then
        (container_failed "$new" "it is removed; the $service that ran before goes on") || true
        docker rm --force "$new"
        return 1
    fi
    wait_until 10 gateway_sends_to "$service" "$new" ||
        die "Traefik does not send to the new $service" "what it says: make dev-logs SERVICE=traefik"
    docker stop "${old[@]}"
    docker rm "${old[@]}"
}

# build_images SERVICE...: one after the other: they share libraries, and the compiler's cache spares
# the second one what the first one has compiled.
build_images() {
    local service
    # An attestation would be new each time, and with it the image; releases have theirs.
    export BUILDX_NO_DEFAULT_ATTESTATIONS=1
    for service in "$@"; do
        run_step "Building the image of $service" "image-$service" compose build "$service"
    done
}

_start_database() {
    _make_volume
    compose up --detach --wait postgres
}

# _ensure_roles: the image has done it when the data directory was new; this is for a password that
# changed since. The exporter's role comes with the exporter.
_ensure_roles() {
    compose exec -T postgres /docker-entrypoint-initdb.d/ensure-role.sh
    if uses_compose_file monitoring; then
        print_exporter_role | compose exec -T postgres psql --no-psqlrc --quiet \
            --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres
    fi
}

_migrate() {
    local id
    compose up --detach migrate
    id=$(container_ids migrate)
    docker logs --follow --tail 50 "$id"
    [[ $(docker wait "$id") == 0 ]]
}

# What is not there yet. What is there and outdated has been upgraded before, or is a part of which
# there can only be one: that is replaced.
_start_services() { compose up --detach --remove-orphans; }

# With hot reload a service compiles before it is healthy.
_wait_until_healthy() {
    local id patience=60
    ! uses_compose_file dev || patience=900
    for id in $(compose ps --all --quiet); do
        [[ $(inspect "$id" '{{index .Config.Labels "com.docker.compose.service"}}') != migrate ]] || continue
        wait_until "${HEALTH_TIMEOUT:-$patience}" container_healthy "$id" || container_failed "$id"
    done
}

# bring_up: starts what does not run, upgrades what changed, and waits until all is healthy. The images are there:
# those that run are not built anew.
bring_up() {
    local service
    write_secrets
    for service in $(services_with_settings); do write_settings "$service"; done
    export_versions
    run_step "Starting the database" database _start_database
    run_step "Preparing role and database" role _ensure_roles
    run_step "Migrating the schema" migrate _migrate
    for service in "${REPLICATED[@]}"; do
        # With hot reload Compose replaces them: two cannot build in one volume.
        ! uses_compose_file dev || break
        if [[ -n $(container_ids "$service") ]] && outdated "$service"; then
            run_step "Upgrading $service in place" "upgrade-$service" upgrade "$service"
        fi
    done
    run_step "Starting the services" containers _start_services
    LOG_TAIL_LINES=30 run_step "Waiting until all services are healthy" healthy _wait_until_healthy
    for service in "${REPLICATED[@]}"; do
        wait_until 20 answers "$(gateway_url "$service")" ||
            die "$service does not answer at $(gateway_url "$service")" \
                "what the gateway says: make dev-logs SERVICE=traefik"
    done
}

# stop_containers: ends and removes the containers and networks; data and images stay. A network of
# the monitoring that is no longer up is in none of the files.
stop_containers() {
    compose down --remove-orphans
    docker network ls --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" |
        xargs --no-run-if-empty docker network rm
}

# remove_containers_and_data: the volumes too, those of the monitoring and of hot reload included.
remove_containers_and_data() {
    use_compose_file dev yes
    use_compose_file monitoring yes
    compose down --remove-orphans --volumes
    use_compose_file dev no
    use_compose_file monitoring no
    stop_containers
}
