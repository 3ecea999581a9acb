#!/usr/bin/env bash
# Writes the committed files that derive from the API's types: the OpenAPI document, and from it the
# TypeScript types of the React app. Tests fail if these files are outdated.
#
# usage: make generate

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

take_lock
ensure_tools run
build_targets api
"$BUILD_DIR/services/api/api" openapi >"$REPO/build/openapi.json"
mv "$REPO/build/openapi.json" "$REPO/services/api/openapi.json"
run_step "Generating the React app's types" generate-types npm --prefix "$REPO" run generate:types \
    --workspace services/react-app
ok "Written: services/api/openapi.json, services/react-app/src/types/"
