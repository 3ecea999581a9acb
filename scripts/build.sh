#!/usr/bin/env bash
# Builds the services: their images, or in native mode the C++ programs and the React app's bundle.
#
# usage: make build | make build-api   [MODE=docker|native]
#        scripts/build.sh [api]
#   PRESET  CMake preset of native mode: release (default), dev, asan or tsan

source "$(dirname "$0")/lib/platform.sh"

images() {
    load_env
    if [[ $1 == api ]]; then build_images api; else build_images "${REPLICATED[@]}"; fi
    docker image ls --filter "reference=mlp/*:$IMAGE_TAG" --format '  {{.Repository}}:{{.Tag}}  {{.Size}}'
}

programs() {
    ensure_tools run
    if [[ $1 == api ]]; then
        build_targets api
        ok "The program: $BUILD_DIR/services/api/api"
        return
    fi
    load_env
    build_targets api dash-app react-app
    build_page
    ok "The programs: $BUILD_DIR/services/{api/api,dash-app/dash-app,react-app/server/react-app}; the page: $RUN_DIR/page"
}

case ${1:-all} in
    -h | --help) show_help && exit 0 ;;
    all | api) ;;
    *) die "unknown argument: $1" "see: $0 --help" ;;
esac
take_lock
choose_mode
if [[ $MODE == docker ]]; then images "${1:-all}"; else programs "${1:-all}"; fi
