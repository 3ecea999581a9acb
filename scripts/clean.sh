#!/usr/bin/env bash
# Removes everything that set-up, build and run have produced, in both modes: the database too. Keeps
# .env.
#
# usage: make clean

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

# The build cache belongs to the engine, and makes the next build short.
remove_containers_and_images() {
    remove_containers_and_data
    docker image ls --filter "reference=mlp/*:$IMAGE_TAG" --format '{{.Repository}}:{{.Tag}}' |
        xargs --no-run-if-empty docker image rm --force
}

MODE=native "$REPO/scripts/dev-down.sh"
if [[ -z $(engine_problem) ]]; then
    (
        MODE=docker load_env
        run_step "Removing containers, volumes and images" clean remove_containers_and_images
    )
fi
# What could not stay in the clone (see locate_postgres in lib/database.sh).
((EUID != 0)) || rm -rf "$(outside_of "$RUN_DIR")" "$(outside_of "$REPO/.run/test")" \
    "$(outside_of "$REPO/.run/bench")"
# Only a directory that is an instance's: RUN_DIR may be any path by mistake.
[[ ! -e $RUN_DIR/lock ]] || rm -rf "$RUN_DIR"
rm -rf "$REPO"/{.run,build,node_modules} "$REPO"/services/*/{node_modules,dist} \
    "$REPO"/{infrastructure/native,tests/e2e}/node_modules
ok "Clean: only sources and .env are left"
