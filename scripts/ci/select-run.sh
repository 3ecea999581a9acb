#!/usr/bin/env bash
# Finds the run whose staging images are promoted to production, proves the origin of its commit and
# its images, and shows them to the approver.
#
# usage: scripts/ci/select-run.sh [RUN_ID]   (default: the latest run of main that staging has tested)
#   GITHUB_REPOSITORY  OWNER/NAME
#   GHCR               such as ghcr.io/OWNER: where the images can be looked at without an identity at Google
#   GH_TOKEN           may read runs, their artifacts, the repository and its attestations
#
# Prints `run-id=...` and `sha=...`, its commit, and adds them to $GITHUB_OUTPUT. The deploying job runs the scripts of
# that commit with production's identity, so it is proven here, by main's scripts: the run is one of main
# (scripts/ci/check-run.sh), and staging has said that it tested these images with this commit.

source "$(dirname "$0")/../lib/common.sh"
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac
run=${1:-}
repository=${GITHUB_REPOSITORY:?OWNER/NAME}
[[ -n ${GHCR:-} ]] || die "GHCR is not set" "see: $0 --help"

if [[ -z $run ]]; then
    staged=$("$REPO/scripts/ci/latest-staged.sh")
    run=${staged%% *}
    [[ -n $run ]] || die "staging has tested nothing that is still there" "GitHub keeps the list for 90 days"
fi
# Manifests and scripts have to be those that staging has tested, as the images are.
commit=$("$REPO/scripts/ci/check-run.sh" "$run" ci.yml cd-staging.yml)

directory=$(mktemp -d)
# shellcheck disable=SC2317,SC2329 # called by the clean-up of common.sh
remove_directory() { rm -r "$directory"; }
on_exit remove_directory
gh run download "$run" --repo "$repository" --name staging-images --dir "$directory" ||
    die "run $run has no images that staging has tested" "the number is in the address of a CI run on main"
check_images_file "$directory/images.txt"
# Google's registry opens for production's identity alone, which this job does not have. GitHub's has the same digests,
# and what is signed and attested is the digest.
sed -E "s|^mlp/([^=]+)=.*@|mlp/\1=${GHCR,,}/mlp-\1@|" "$directory/images.txt" >"$directory/github.txt"
"$REPO/scripts/ci/verify-images.sh" "$directory/github.txt" --tested "$commit"

address=${GITHUB_SERVER_URL:-https://github.com}/$repository
{
    printf '### To be promoted to production\n\n'
    # shellcheck disable=SC2016 # the backticks are Markdown
    printf 'Commit [`%s`](%s) of main: its scripts deploy, its manifests are applied. Tested in staging by [run %s](%s).\n\n' \
        "$commit" "$address/commit/$commit" "$run" "$address/actions/runs/$run"
    # shellcheck disable=SC2016 # the backticks are Markdown
    sed 's/.*/- `&`/' "$directory/images.txt"
} | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
printf 'run-id=%s\nsha=%s\n' "$run" "$commit" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
