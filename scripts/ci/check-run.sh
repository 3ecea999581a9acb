#!/usr/bin/env bash
# Proves that a run belongs to this repository's main, before a job uses its commit, whose scripts
# it would run, or its artifacts. The name of the branch proves nothing: a fork has a branch `main`
# too, and GitHub lists the runs of its pull requests here, with the fork's commit and artifacts.
#
# usage: scripts/ci/check-run.sh RUN_ID WORKFLOW...   (WORKFLOW: such as ci.yml; the run is of one of them)
#   GITHUB_REPOSITORY  OWNER/NAME
#   GH_TOKEN           may read runs, and the repository
#
# Prints the commit of the run.

source "$(dirname "$0")/../lib/common.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
run=$1
shift
workflows=$*
[[ -n $workflows ]] || die "a run of which workflow?" "see: $0 --help"
repository=${GITHUB_REPOSITORY:?OWNER/NAME}
[[ $run =~ ^[1-9][0-9]{0,19}$ ]] || die "not the number of a run: $run"

facts=$(gh api "repos/$repository/actions/runs/$run" --jq '.repository.id, .head_repository.id, .event, .head_branch,
    (.path // "" | split("@")[0]), .head_sha') || die "run $run cannot be read"
{ read -r home && read -r source && read -r event && read -r branch && read -r path && read -r commit; } <<<"$facts" || true
refuse() { die "run $run is not one of main that can be used: $1" "it has to be of: $workflows"; }
# A fork has another number; one that is gone has none.
[[ $home != null && $source == "$home" ]] || refuse "its commit is of another repository"
[[ $event == push || $event == workflow_dispatch ]] || refuse "it was started by: $event"
[[ $branch == main ]] || refuse "it is of the branch $branch"
[[ " $workflows " == *" ${path#.github/workflows/} "* && $path == .github/workflows/* ]] || refuse "it is of the workflow $path"
[[ ${commit:-} =~ ^[0-9a-f]{40}$ ]] || refuse "it has no commit: ${commit:-}"

# What GitHub can find by its number need not be ours: a repository and its forks share their commits.
status=$(gh api "repos/$repository/compare/main...$commit" --jq .status) || die "$commit cannot be compared with main"
[[ $status == behind || $status == identical ]] || die "run $run: main does not have its commit $commit" \
    "compared with main it is: $status"
printf '%s\n' "$commit"
