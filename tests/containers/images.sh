#!/usr/bin/env bash
# Builds the project's images and checks the promises of infrastructure/docker/README.md: size, user, no shell,
# certificates and time zones, healthy on a read-only root without capabilities, the same layers from another clone.
# Prints sizes and times, also for a rebuild of the API after a changed line (goal: 60 s).
#
# usage: tests/containers/images.sh
#   IMAGE_TAG  tag of the images (dev)
#   FULL=1     also compares layers and measures the rebuild, which are slow

source "$(dirname "$0")/common.sh"
no_arguments "$@"

TAG=${IMAGE_TAG:-dev}
GOAL_BYTES=30000000
GOAL_SECONDS=60
CONFINED=(--read-only --cap-drop ALL --security-opt no-new-privileges)
container='' clone=''
remove_traces() {
    [[ -z $container ]] || docker rm --force "$container" >/dev/null
    [[ -z $clone ]] || rm -rf "$clone"
}
on_exit remove_traces

# build DIRECTORY SERVICE TAG ARGUMENT...
build() {
    local directory=$1 service=$2 tag=$3
    shift 3
    docker build --quiet --file "$directory/services/$service/Dockerfile" --tag "mlp/$service:$tag" \
        "$@" "$directory"
}

layers() { docker inspect --format '{{json .RootFS.Layers}}' "$1"; }

check_form() {
    local image=$1 size file
    size=$(docker inspect --format '{{.Size}}' "$image")
    ((size <= GOAL_BYTES)) || die "$image has $size bytes, more than $GOAL_BYTES"
    [[ $(docker inspect --format '{{.Config.User}}' "$image") == 65532:65532 ]] || die "$image runs as root"
    ! docker run --rm --entrypoint /bin/sh "$image" -c true >/dev/null 2>&1 || die "$image has a shell"
    container=$(docker create "$image")
    for file in /etc/ssl/certs/ca-certificates.crt /usr/share/zoneinfo/Europe/Madrid; do
        docker cp --follow-link "$container:$file" - >/dev/null || die "$image lacks $file"
    done
    docker rm "$container" >/dev/null
    container=''
    ok "$image: $((size / 1000000)).$((size / 100000 % 10)) MB, user 65532, no shell"
}

# check_health IMAGE ARGUMENT...: confined, the container must become healthy, and exit with 0 on SIGTERM.
is_healthy() { [[ $(docker inspect --format '{{.State.Health.Status}}' "$container") == healthy ]]; }
check_health() {
    local image=$1 start
    start=$(microseconds)
    # There is no database at that address: health depends only on the process.
    container=$(docker run --detach "${CONFINED[@]}" --network none --env DRAIN_DELAY_SECONDS=0 \
        --env DATABASE_URL=postgresql://nobody:nothing@127.0.0.1:1/none "$image")
    wait_until 30 is_healthy || die "$image does not become healthy" "$(docker logs "$container" 2>&1 | tail -n 5)"
    ok "$image is healthy after $(elapsed "$start")"
    docker stop "$container" >/dev/null
    [[ $(docker inspect --format '{{.State.ExitCode}}' "$container") == 0 ]] || die "$image fails at SIGTERM"
    docker rm "$container" >/dev/null
    container=''
}

# Copies the tree to another directory, with other times, as a clone has.
make_clone() {
    clone=$(mktemp -d)
    git -C "$REPO" ls-files -z | tar -C "$REPO" --null --files-from - --create | tar -C "$clone" --extract --touch
}

# Repeats all steps after the compiler. The programs themselves come from ccache.
check_layers() {
    local service=$1
    run_step "Collecting $service again, from another clone" image-again build "$clone" "$service" again \
        --no-cache-filter content
    [[ $(layers "mlp/$service:$TAG") == "$(layers "mlp/$service:again")" ]] ||
        die "mlp/$service from another clone has other layers"
}

check_rebuild() {
    local start=$SECONDS
    sed -i 's/\.summary = "/&Changed: /' "$clone/services/api/app/main.cpp"
    ! cmp --silent "$clone/services/api/app/main.cpp" "$REPO/services/api/app/main.cpp" ||
        die "services/api/app/main.cpp has no summary to change"
    run_step "Building the API with a changed line" image-rebuild build "$clone" api changed
    # Only a warning: the machine may be busy.
    ((SECONDS - start <= GOAL_SECONDS)) ||
        warn "a changed line took $((SECONDS - start)) s; the goal is $GOAL_SECONDS s"
}

[[ -z ${FULL:-} ]] || make_clone
for service in api dash-app react-app; do
    run_step "Building mlp/$service:$TAG" "image-$service" build "$REPO" "$service" "$TAG"
    check_form "mlp/$service:$TAG"
    check_health "mlp/$service:$TAG"
    [[ -z ${FULL:-} ]] || check_layers "$service"
done
if [[ -n ${FULL:-} ]]; then
    check_rebuild
    docker rmi --force mlp/{api,dash-app,react-app}:again mlp/api:changed >/dev/null
fi
ok "The images keep their promises"
