#!/usr/bin/env bash
# Joins the images of each architecture into one image, in both registries under one digest, and signs it.
#
# usage: scripts/ci/publish.sh SERVICE DIRECTORY
#   DIRECTORY         holds */SERVICE.digest, as `make image-push` wrote it on each architecture
#   GHCR              such as ghcr.io/OWNER: where they were pushed to
#   IMAGE_REPOSITORY  such as REGION-docker.pkg.dev/PROJECT/mlp; empty: only GitHub's registry
#   TAG               for people who look at the registry; deployments never use it
#
# Signing is keyless: the job's own identity, in a certificate that lives for minutes, and a public log. Writes the
# line for deploying to image-SERVICE.txt, and `name=` and `digest=` to $GITHUB_OUTPUT.

source "$(dirname "$0")/../lib/common.sh"
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
service=$1 directory=${2:-}
need_service "$service"
for name in GHCR TAG; do [[ -n ${!name:-} ]] || die "$name is not set" "see: $0 --help"; done
# Registries take lower case only; the names of owners may have capitals.
github=${GHCR,,}/mlp-$service
google=${IMAGE_REPOSITORY:+$IMAGE_REPOSITORY/mlp-$service}

sources=()
for file in "$directory"/*/"$service.digest"; do
    [[ -r $file ]] || die "no digest of $service below $directory"
    digest=$(<"$file")
    [[ $digest =~ ^$DIGEST_PATTERN$ ]] || die "not a digest in $file: $digest"
    sources+=("$github@$digest")
done

# index_digest REPOSITORY: what TAG stands for there. A digest is the hash of the manifest's bytes, so no registry
# has to be believed.
index_digest() {
    local manifest
    manifest=$(docker buildx imagetools inspect --raw "$1:$TAG" | sha256sum)
    printf 'sha256:%s' "${manifest%% *}"
}

docker buildx imagetools create --tag "$github:$TAG" "${sources[@]}"
digest=$(index_digest "$github")
references=("$github@$digest")

if [[ -n $google ]]; then
    # A copy of one source keeps every byte, and so the digest, what is signed and what is attested.
    docker buildx imagetools create --tag "$google:$TAG" "$github@$digest"
    copy=$(index_digest "$google")
    [[ $copy == "$digest" ]] || die "the copy in $google has another digest: $copy, not $digest"
    references+=("$google@$digest")
fi
for reference in "${references[@]}"; do
    cosign sign --yes "$reference"
    ok "$reference"
done
printf 'mlp/%s=%s\n' "$service" "${references[-1]}" >"image-$service.txt"
printf 'name=%s\ndigest=%s\n' "$github" "$digest" >>"${GITHUB_OUTPUT:-/dev/null}"
