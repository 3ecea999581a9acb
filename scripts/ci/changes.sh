#!/usr/bin/env bash
# Prints which parts of the tree a change touches, so that a pull request can skip jobs.
#
# usage: scripts/ci/changes.sh BASE HEAD   what differs between two commits
#        scripts/ci/changes.sh             in a job: of a pull request what it changes; else everything counts as
#                                          changed, since what main gets is tested whole
#
# Prints NAME=true|false and adds it to $GITHUB_OUTPUT:
#   code    files that are compiled, run or tested
#   images  files of an image or of its build
#   cloud   files that Terraform reads, and the scripts that run it
#   cluster manifests, and the scripts that deploy them

source "$(dirname "$0")/../lib/common.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac

# What is not listed here is code: a new directory is tested without anybody thinking of it.
NOT_CODE='^(docs/|LICENSE$|.*\.md$|infrastructure/(terraform|kubernetes)/|\.github/dependabot\.yml$)'
# What each job begins with: who changes that has to see the job run.
CI='Makefile$|\.github/workflows/ci\.yml$|scripts/lib/common\.sh$'
IMAGES="^($CI"'|services/|libs/|cmake/|CMake|infrastructure/docker/|package(-lock)?\.json$|\.npmrc$|\.dockerignore$|scripts/(lib/(images|packages)|image)\.sh$|\.github/)'
CLOUD="^($CI"'|infrastructure/terraform/.*\.(tf|hcl|sh)$)'
CLUSTER="^($CI"'|infrastructure/(kubernetes|traefik|postgres|prometheus|alertmanager|loki|alloy|jaeger|grafana)/|infrastructure/native/requirements(-go)?\.txt$|scripts/(k8s-local|deploy|smoke)\.sh$|tests/kubernetes/|scripts/lib/[a-z]*\.sh$)'

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
    # A file that moves counts at both ends: as a rename it would be named by its new path alone.
    paths=$(git -C "$REPO" diff --name-only --no-renames "$1" "$2" --) || die "no difference between $1 and $2 can be had"
    [[ -n $paths ]] || die "$1 and $2 do not differ"
    code=$(grep -vE "$NOT_CODE" <<<"$paths" || true)
fi
output code . "$code"
output images "$IMAGES" "$code"
output cloud "$CLOUD" "$paths"
output cluster "$CLUSTER" "$paths"
