#!/usr/bin/env bash
# Builds the services: the C++ programs and the bundle of the React app.
#
# usage: make build | make build-api
#        scripts/build.sh [api]
#   PRESET  CMake preset: release (default), dev, asan or tsan

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"

case ${1:-all} in
    -h | --help) show_help ;;
    api)
        take_lock
        ensure_tools run
        build_targets api
        ok "The program: $BUILD_DIR/services/api/api"
        ;;
    all)
        take_lock
        ensure_tools run
        build_targets api dash-app
        run_step "Building the React app" react-build npm --prefix "$REPO" run build \
            --workspace services/react-app
        ok "The programs: $BUILD_DIR/services/{api/api,dash-app/dash-app}; the page: services/react-app/dist/"
        ;;
    *) die "unknown argument: $1" "see: $0 --help" ;;
esac
