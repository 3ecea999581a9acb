#!/usr/bin/env bash
# Proves the origin of images before they are deployed: signed and attested by this repository's own
# publishing workflow on main, built on GitHub's machines.
#
# usage: scripts/ci/verify-images.sh IMAGES_FILE   built and signed by .github/workflows/publish.yml
#        scripts/ci/verify-images.sh IMAGES_FILE --tested COMMIT
#                                                  and staging has run and tested exactly these digests, deployed by
#                                                  the scripts and manifests of COMMIT
#   GITHUB_REPOSITORY  OWNER/NAME
#   GH_TOKEN           may read the repository's attestations

source "$(dirname "$0")/../lib/common.sh"
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
images=$1 tested=${2:-} commit=${3:-}
[[ -z $tested || $tested == --tested ]] || die "unknown argument: $tested" "see: $0 --help"
[[ -z $tested || $commit =~ ^[0-9a-f]{40}$ ]] || die "tested with which commit? '$commit' is none" "see: $0 --help"
[[ ${GITHUB_REPOSITORY:-} =~ ^[^/]+/[^/]+$ ]] || die "GITHUB_REPOSITORY is not set" "OWNER/NAME"
check_images_file "$images"

workflows=$GITHUB_REPOSITORY/.github/workflows

# attested REFERENCE WORKFLOW PREDICATE_TYPE [COMMIT]: WORKFLOW, on main, has said that about exactly this digest; when
# it is about a COMMIT, of this one. An image that was tested with several commits has an attestation for each.
attested() {
    local said filter=".[].verificationResult.statement | select(.predicateType == \"$3\")"
    filter+=" | .predicateType, (.predicate.configuration // [] | .[].digest.gitCommit)"
    said=$(gh attestation verify "oci://$1" --repo "$GITHUB_REPOSITORY" --signer-workflow "$workflows/$2" \
        --source-ref refs/heads/main --deny-self-hosted-runners --predicate-type "$3" --format json --jq "$filter") ||
        die "$1: no valid attestation $3 by $2"
    # The exit code alone is not enough: gh up to 2.66.1 ends with 0 when it finds none of this type.
    [[ -n $said ]] || die "$1: no attestation $3 by $2" "gh has verified nothing of this type"
    [[ -z ${4:-} ]] || grep --quiet --line-regexp "$4" <<<"$said" ||
        die "$1: no attestation $3 by $2 for the commit $4" "tested with:" "$(sed 1d <<<"$said")"
}

mapfile -t images_by_digest < <(references "$images")
for reference in "${images_by_digest[@]}"; do
    cosign verify "$reference" >/dev/null \
        --certificate-oidc-issuer https://token.actions.githubusercontent.com \
        --certificate-identity "https://github.com/$workflows/publish.yml@refs/heads/main" ||
        die "$reference: not signed by publish.yml on main"
    attested "$reference" publish.yml https://slsa.dev/provenance/v1
    [[ -z $tested ]] || attested "$reference" cd-staging.yml https://in-toto.io/attestation/test-result/v0.1 "$commit"
    ok "$reference"
done
