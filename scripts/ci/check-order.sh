#!/usr/bin/env bash
# Refuses to deploy a commit to staging that is older than the commit that staging has tested. Runs
# of main wait for each other, so this happens only if somebody repeats the run of an older commit.
#
# usage: scripts/ci/check-order.sh COMMIT   (of main)
#   GITHUB_REPOSITORY  OWNER/NAME
#   GH_TOKEN           may read runs, their artifacts, and the repository

source "$(dirname "$0")/../lib/common.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
commit=$1

staged=$("$REPO/scripts/ci/latest-staged.sh")
[[ -n $staged ]] || { ok "Staging has tested nothing yet" && exit 0; }
read -r run latest <<<"$staged"
status=$(gh api "repos/$GITHUB_REPOSITORY/compare/$latest...$commit" --jq .status) || status=''
case $status in
    ahead | identical) ok "Staging has tested nothing newer than $commit" ;;
    # Not older: somebody has rewritten main.
    diverged) warn "$commit has another history than $latest, which staging has tested" ;;
    behind)
        die "staging has tested the newer commit $latest, in run $run" \
            "to go back to this one, by hand: Actions, CD staging, Run workflow, with the number of this run"
        ;;
    *) die "$commit cannot be compared with $latest, which staging has tested" ;;
esac
