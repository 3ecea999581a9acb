#!/usr/bin/env bash
# Writes staging's attestation for images that passed its tests: test-result.json, a statement in
# in-toto's format for test results, and images.sha256, with the digests.
#
# usage: scripts/ci/test-result.sh IMAGES_FILE   (after scripts/ci/release.sh staging has succeeded)

source "$(dirname "$0")/../lib/common.sh"
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
check_images_file "$1"
sed -E 's/^[^=]+=([^@]+)@sha256:(.*)$/\2  \1/' "$1" >images.sha256
cat >test-result.json <<JSON
{
  "result": "PASSED",
  "configuration": [
    {
      "name": "tests/e2e",
      "uri": "git+${GITHUB_SERVER_URL:?}/${GITHUB_REPOSITORY:?}",
      "digest": { "gitCommit": "$(git -C "$REPO" rev-parse HEAD)" }
    }
  ],
  "url": "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/${GITHUB_RUN_ID:?}",
  "passedTests": ["smoke", "e2e"]
}
JSON
