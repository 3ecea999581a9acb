#!/usr/bin/env bash
# Builds, scans or publishes one image, as the pipeline does.
#
# usage: make image SERVICE=api|dash-app|react-app        builds mlp/SERVICE for this machine's architecture
#        make image-scan SERVICE=...                      fails on a known HIGH or CRITICAL vulnerability with a fix
#        make image-push SERVICE=... REPOSITORY=HOST/NAME pushes it without a tag, with SBOM and provenance
#   IMAGE_TAG    tag of the local image (default: dev)
#   SOURCE       address of the repository, for the image's label
#   VERSION      for the image's label (default: the commit)
#   IMAGE_CACHE  gha keeps layers in GitHub's cache between runs, gha-read only takes them from there
#                (default: only in the local engine)
#   REPORTS      where the reports of scan and push go (default: .run/images)

source "$(dirname "$0")/lib/common.sh"
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
action=$1
SERVICE=${SERVICE:-}
need_service "$SERVICE"
image=mlp/$SERVICE:${IMAGE_TAG:-dev}
REPORTS=${REPORTS:-$RUN_DIR/images}
mkdir -p "$REPORTS"

# build TITLE ARGUMENT...: the same for building and pushing, so that the second finds every layer there.
build() {
    local title=$1 cache=() revision seconds created
    local from=(--cache-from "type=gha,scope=$SERVICE-$(uname -m)")
    shift
    # One scope for each image and architecture: they would overwrite each other.
    case ${IMAGE_CACHE:-} in
        gha) cache=("${from[@]}" --cache-to "type=gha,mode=max,scope=$SERVICE-$(uname -m)") ;;
        gha-read) cache=("${from[@]}") ;;
        '') ;;
        *) die "no such IMAGE_CACHE: $IMAGE_CACHE" "see: $0 --help" ;;
    esac
    revision=$(git -C "$REPO" rev-parse HEAD)
    # The time of the commit, not of the build: the same commit gives the same image.
    seconds=$(git -C "$REPO" show --no-patch --format=%ct HEAD)
    created=$(date --utc --date="@$seconds" +%Y-%m-%dT%H:%M:%SZ)
    LOG_TAIL_LINES=60 run_step "$title" "image-$SERVICE" docker buildx build \
        --file "$REPO/services/$SERVICE/Dockerfile" \
        --build-arg "REVISION=$revision" --build-arg "VERSION=${VERSION:-${revision::12}}" \
        --build-arg "SOURCE=${SOURCE:-}" --build-arg "CREATED=$created" \
        --build-arg "SOURCE_DATE_EPOCH=$seconds" \
        "${cache[@]}" "$@" "$REPO"
}

scan() {
    command -v trivy >/dev/null || die "trivy is not installed" "https://trivy.dev/latest/getting-started/installation"
    local packages
    trivy image --quiet --format spdx-json --output "$REPORTS/$SERVICE.spdx.json" "$image"
    # An image without a shell may be one without records of what is in it: nothing found, nothing wrong.
    packages=$(grep -c '"SPDXID": "SPDXRef-Package-' "$REPORTS/$SERVICE.spdx.json" || true)
    ((packages > 0)) || die "the scanner sees no package in $image: it would let anything pass" \
        "the image has to keep /var/lib/dpkg/status.d of what was copied into it"
    trivy image --quiet --ignore-unfixed --severity HIGH,CRITICAL --format sarif \
        --output "$REPORTS/$SERVICE.sarif" "$image"
    trivy image --quiet --ignore-unfixed --severity HIGH,CRITICAL --exit-code 1 "$image" ||
        die "$image has vulnerabilities that a new version fixes" "build it anew: apt has the corrected packages" \
            "make image SERVICE=$SERVICE"
    ok "$packages packages in $image, none with a known HIGH or CRITICAL vulnerability that has a fix"
}

case $action in
    build)
        build "Building $image" --tag "$image" --load
        ;;
    scan) scan ;;
    push)
        [[ -n ${REPOSITORY:-} ]] || die "REPOSITORY is not set" "REPOSITORY=ghcr.io/OWNER/mlp-$SERVICE"
        # max: with the build's arguments and materials. The SBOM is SPDX, made by BuildKit's own scanner.
        build "Pushing $REPOSITORY" --provenance mode=max --sbom true \
            --metadata-file "$REPORTS/$SERVICE.json" \
            --output "type=image,name=$REPOSITORY,push-by-digest=true,name-canonical=true,push=true"
        digest=$(sed -nE 's/.*"containerimage\.digest": *"(sha256:[0-9a-f]{64})".*/\1/p' "$REPORTS/$SERVICE.json" | head -n 1)
        [[ -n $digest ]] || die "BuildKit named no digest" "see $REPORTS/$SERVICE.json"
        printf '%s\n' "$digest" >"$REPORTS/$SERVICE.digest"
        ok "$REPOSITORY@$digest"
        ;;
    *) die "unknown action: $action" "see: $0 --help" ;;
esac
