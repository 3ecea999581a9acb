# Our images, and lists of them by digest, as deploying takes them: a line `mlp/api=REPOSITORY@sha256:...` for each.
# Sourced, never run.
# shellcheck shell=bash

# A folder of services/ each; at the same place in the other two lists the image, and the Deployment that runs it.
IMAGE_SERVICES=(api dash-app react-app)
IMAGES=("${IMAGE_SERVICES[@]/#/mlp/}")
# shellcheck disable=SC2034 # for whoever sources this
DEPLOYMENTS=("${IMAGE_SERVICES[@]%-app}")
DIGEST_PATTERN='sha256:[0-9a-f]{64}'

# check_images_file FILE: exactly our three images, each by digest: a tag can be moved, a digest cannot.
check_images_file() {
    local image
    [[ -f $1 && -r $1 ]] || die "no such list of images: $1"
    for image in "${IMAGES[@]}"; do
        [[ $(grep -cE "^$image=[a-z0-9./_:-]+@$DIGEST_PATTERN\$" "$1" || true) == 1 ]] ||
            die "$1 does not name $image once, by digest" "a line looks like $image=HOST/NAME@sha256:..."
    done
    [[ $(grep -c . "$1") == "${#IMAGES[@]}" ]] || die "$1 has lines that name no image of ours"
}

# need_service NAME: it is one of those with an image.
need_service() {
    [[ " ${IMAGE_SERVICES[*]} " == *" $1 "* ]] || die "no image has the name '$1'" "SERVICE is one of: ${IMAGE_SERVICES[*]}"
}

# write_example_images FILE [RELEASE]: a list as a release has one, of images that do not exist.
write_example_images() {
    local image
    for image in "${IMAGES[@]}"; do printf '%s=registry.example/%s@sha256:%064d\n' "$image" "$image" "${2:-0}"; done >"$1"
}

# references FILE: REPOSITORY@DIGEST of each line.
references() { cut -d = -f 2 -- "$1"; }
