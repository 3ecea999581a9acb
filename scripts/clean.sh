#!/usr/bin/env bash
# Removes everything that set-up, build and run have produced, in both modes, including the
# database. Keeps .env.
#
# usage: make clean

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

# The build cache belongs to the engine, and makes the next build short.
remove_containers_and_images() {
    remove_containers_and_data
    docker image ls --filter "reference=mlp/*:$IMAGE_TAG" --format '{{.Repository}}:{{.Tag}}' |
        xargs --no-run-if-empty docker image rm --force
}

# What tests/containers/run.sh leaves: its images, and all of its instance when it was run with KEEP=1.
test_instance() { export RUN_DIR=$REPO/.run/test-containers COMPOSE_PROJECT_NAME=mlp-test IMAGE_TAG=test; }

take_lock
mapfile -t problem < <(engine_problem)
if ((${#problem[@]} == 0)); then
    (
        MODE=docker load_env
        # Before anything is gone.
        refuse_foreign_project
        run_step "Removing containers, volumes and images" clean remove_containers_and_images
        test_instance
        # Another clone's tests may run just now.
        ! (refuse_foreign_project) 2>/dev/null ||
            run_step "Removing those of the tests" clean-test remove_containers_and_images
    )
fi
(
    MODE=native load_env
    ! native_runs || stop_everything
)
# What could not stay in the clone (see locate_postgres in lib/database.sh).
if ((EUID == 0)); then
    for instance in "$RUN_DIR" "$REPO"/.run/{bench,rolling} "$REPO"/.run/test/*; do
        rm -rf "$(outside_of "$instance")"
    done
fi
# Only a directory that is an instance's: RUN_DIR may be any path by mistake.
[[ ! -e $RUN_DIR/lock ]] || rm -rf "$RUN_DIR"
rm -rf "$REPO"/{.run,build,node_modules} "$REPO"/services/*/{node_modules,dist} \
    "$REPO"/{infrastructure/native,tests/e2e}/node_modules
if ((${#problem[@]} == 0)) || ! command -v docker >/dev/null; then
    ok "Clean: only sources and .env are left"
else
    warn "Containers, volumes and images were not looked for: ${problem[0]}"
    printf '  %s\n' "${problem[@]:1}" "then run make clean again" >&2
    ok "Everything else is removed: sources and .env are left"
fi
