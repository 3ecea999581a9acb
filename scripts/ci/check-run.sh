#!/usr/bin/env bash
# Proves that a run is one of this repository's own on main, before anything of it is used: its commit, whose scripts
# a job would run, or its artifacts. The name of its branch alone proves nothing: a fork has a branch `main` too, and
# the run of its pull request is listed here, with a commit and artifacts that the fork has made.
#
# usage: scripts/ci/check-run.sh RUN_ID WORKFLOW...   (WORKFLOW: such as ci.yml; the run is of one of them)
#   GITHUB_REPOSITORY  OWNER/NAME
#   GH_TOKEN           may read runs, and the repository
#
# Prints the commit of the run.

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
run=$1
shift
(($# > 0)) || die "a run of which workflow?" "see: $0 --help"
repository=${GITHUB_REPOSITORY:?OWNER/NAME}
[[ $run =~ ^[1-9][0-9]{0,19}$ ]] || die "not the number of a run: $run"

facts=$(gh api "repos/$repository/actions/runs/$run") || die "run $run cannot be read"
commit=$(python3 -c '
import json, re, sys
run = json.load(sys.stdin)
here = (run.get("repository") or {}).get("id")
# Who forks gets another number; a fork that is gone has none.
if here is None or (run.get("head_repository") or {}).get("id") != here:
    sys.exit("its commit is of another repository")
if run.get("event") not in ("push", "workflow_dispatch"):
    sys.exit("it was started by: {}".format(run.get("event")))
if run.get("head_branch") != "main":
    sys.exit("it is of the branch {}".format(run.get("head_branch")))
# Some answers have the branch behind the name: .github/workflows/ci.yml@main
if str(run.get("path")).split("@")[0] not in [".github/workflows/" + name for name in sys.argv[1:]]:
    sys.exit("it is of the workflow {}".format(run.get("path")))
if not re.fullmatch("[0-9a-f]{40}", str(run.get("head_sha"))):
    sys.exit("it has no commit: {}".format(run.get("head_sha")))
print(run["head_sha"])
' "$@" <<<"$facts") || die "run $run is not one of main that can be used" "it has to be of: $*"

# What GitHub can find by its number need not be ours: a repository and its forks share their commits.
status=$(gh api "repos/$repository/compare/main...$commit" --jq .status) || die "$commit cannot be compared with main"
[[ $status == behind || $status == identical ]] || die "run $run: main does not have its commit $commit" \
    "compared with main it is: $status"
printf '%s\n' "$commit"
