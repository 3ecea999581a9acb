#!/usr/bin/env bash
# Prepares a job that runs in a container: git accepts a tree that another user owns, and files to
# cache between runs go where .github/actions/{debian,keep} expect them, separated by the release of
# Debian if that matters.
#
# usage: scripts/ci/prepare-debian.sh   (in a job of GitHub Actions)
set -euo pipefail

git config --global --add safe.directory "$PWD"
mkdir -p .cache/ccache .cache/npm
{
    echo "DEBIAN_RELEASE=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)"
    echo "CCACHE_DIR=$PWD/.cache/ccache"
    echo "CCACHE_MAXSIZE=1G"
    echo "NPM_CONFIG_CACHE=$PWD/.cache/npm"
} >>"${GITHUB_ENV:?not in a job of GitHub Actions}"
