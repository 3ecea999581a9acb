#!/usr/bin/env bash
# Says which parts of the tree a change touches, for jobs that can be left out of a pull request.
#
# usage: scripts/ci/changes.sh BASE HEAD   what differs between two commits
#        scripts/ci/changes.sh             in a job: of a pull request what it changes; else everything counts as
#                                          changed, since what main gets is tested whole
#
# Prints NAME=true|false and adds it to $GITHUB_OUTPUT:
#   code    what is compiled, run or tested
#   images  what gets into an image, or says how it is built
#   cloud   what Terraform reads
#   cluster what Kubernetes gets, and how it gets there

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac

# What is not listed here is code: a new directory is tested without anybody thinking of it.
NOT_CODE='^(docs/|LICENSE$|.*\.md$|infrastructure/(terraform|kubernetes)/|\.github/dependabot\.yml$)'
IMAGES='^(services/|libs/|cmake/|CMake|infrastructure/docker/|package(-lock)?\.json$|\.npmrc$|\.dockerignore$|scripts/image\.sh$|\.github/)'

# output NAME PATTERN PATHS: true when one of the paths matches.
output() {
    local value=false
    if $all || grep -qE "$2" <<<"$3"; then value=true; fi
    printf '%s=%s\n' "$1" "$value" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
}

all=false paths='' code=''
if (($# == 0)) && [[ ${GITHUB_EVENT_NAME:-} == pull_request ]]; then
    set -- HEAD^1 HEAD
fi
if (($# == 0)); then
    all=true
else
    (($# == 2)) || die "two commits are needed, or none" "see: $0 --help"
    paths=$(git -C "$REPO" diff --name-only "$1" "$2" --) || die "no difference between $1 and $2 can be had"
    [[ -n $paths ]] || die "$1 and $2 do not differ"
    code=$(grep -vE "$NOT_CODE" <<<"$paths" || true)
fi
output code . "$code"
output images "$IMAGES" "$code"
output cloud '^(infrastructure/terraform/.*\.(tf|hcl)$|scripts/cloud-check\.sh$|scripts/lib/cloud\.sh$)' "$paths"
output cluster '^(infrastructure/(kubernetes|postgres|prometheus|alertmanager|loki|alloy|jaeger|grafana)/|scripts/(k8s-check|deploy|smoke)\.sh$|scripts/lib/(apiserver|cluster|images|kubernetes|rollout)\.sh$)' "$paths"
