# Lists of images by digest, as deploying takes them: a line `mlp/api=REPOSITORY@sha256:...` for each. Sourced,
# never run.
# shellcheck shell=bash

IMAGE_SERVICES=(api dash-app react-app)
DIGEST_PATTERN='sha256:[0-9a-f]{64}'

# check_images_file FILE: exactly our three images, each by digest: a tag can be moved, a digest cannot.
check_images_file() {
    local service
    [[ -r $1 ]] || die "no such list of images: $1"
    for service in "${IMAGE_SERVICES[@]}"; do
        [[ $(grep -cE "^mlp/$service=[a-z0-9./_:-]+@$DIGEST_PATTERN\$" "$1" || true) == 1 ]] ||
            die "$1 does not name mlp/$service once, by digest" "a line looks like mlp/$service=HOST/NAME@sha256:..."
    done
    [[ $(grep -c . "$1") == "${#IMAGE_SERVICES[@]}" ]] || die "$1 has lines that name no image of ours"
}

# references FILE: REPOSITORY@DIGEST of each line.
references() { cut -d = -f 2 -- "$1"; }
