#!/usr/bin/env bash
# Finds the run whose staging images are promoted to production, and shows the images to whoever has to approve.
#
# usage: scripts/ci/select-run.sh [RUN_ID]   (default: the latest run of main that staging has tested)
#   GITHUB_REPOSITORY  OWNER/NAME
#   GH_TOKEN           may read runs and their artifacts
#
# Prints `run-id=...` and `sha=...`, its commit, and adds them to $GITHUB_OUTPUT. Which images they are is proven later, by attestations: a run
# is only the place where their list lies.

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=scripts/lib/images.sh
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac
run=${1:-}
repository=${GITHUB_REPOSITORY:?OWNER/NAME}

if [[ -z $run ]]; then
    # Artifacts come newest first; one of this name is there only where staging has passed.
    run=$(gh api "repos/$repository/actions/artifacts?name=staging-images&per_page=20" --jq \
        '[.artifacts[] | select(.expired | not) | select(.workflow_run.head_branch == "main")][0].workflow_run.id // ""')
    [[ -n $run ]] || die "staging has tested nothing that is still there" "GitHub keeps the list for 90 days"
fi
[[ $run =~ ^[1-9][0-9]{0,19}$ ]] || die "not the number of a run: $run"

# Manifests and scripts have to be those that staging has tested, as the images are.
commit=$(gh api "repos/$repository/actions/runs/$run" --jq .head_sha)
[[ $commit =~ ^[0-9a-f]{40}$ ]] || die "run $run has no commit: '$commit'"

directory=$(mktemp -d)
gh run download "$run" --repo "$repository" --name staging-images --dir "$directory" ||
    die "run $run has no images that staging has tested" "the number is in the address of a CI run on main"
check_images_file "$directory/images.txt"
{
    printf '### To be promoted to production\n\n'
    # shellcheck disable=SC2016 # the backticks are Markdown
    sed 's/.*/- `&`/' "$directory/images.txt"
} | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
rm -r "$directory"
printf 'run-id=%s\nsha=%s\n' "$run" "$commit" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
