#!/usr/bin/env bash
# Prints the latest run of main that staging has tested, and its commit: `RUN COMMIT`; nothing without one.
#
# usage: scripts/ci/latest-staged.sh
#   GITHUB_REPOSITORY  OWNER/NAME
#   GH_TOKEN           may read runs and their artifacts

source "$(dirname "$0")/../lib/common.sh"
no_arguments "$@"

# Artifacts come newest first. Only staging's success leaves one of this name, or a fork that claims it: those of forks are
# left out here, on every page, so that they cannot hide ours either.
gh api --paginate "repos/${GITHUB_REPOSITORY:?OWNER/NAME}/actions/artifacts?name=staging-images&per_page=100" --jq '
    .artifacts[] | select(.expired | not) | .workflow_run
    | select(.head_branch == "main" and .head_repository_id == .repository_id) | "\(.id) \(.head_sha)"' |
    sed -n 1p || die "the artifacts of $GITHUB_REPOSITORY cannot be read"
