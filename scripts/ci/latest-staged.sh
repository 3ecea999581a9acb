#!/usr/bin/env bash
# Prints the latest run of main that staging has tested, and its commit: `RUN COMMIT`; nothing when there is none.
#
# usage: scripts/ci/latest-staged.sh
#   GITHUB_REPOSITORY  OWNER/NAME
#   GH_TOKEN           may read runs and their artifacts

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
no_arguments "$@"

# Artifacts come newest first; one of this name is there only where staging has passed, or where a fork says so:
# those are left out here, all pages being read, so that they cannot hide ours either.
pages=$(gh api --paginate --slurp "repos/${GITHUB_REPOSITORY:?OWNER/NAME}/actions/artifacts?name=staging-images&per_page=100") ||
    die "the artifacts of ${GITHUB_REPOSITORY} cannot be read"
python3 -c '
import json, sys
for page in json.load(sys.stdin):
    for artifact in page["artifacts"]:
        run = artifact.get("workflow_run") or {}
        ours = run.get("head_branch") == "main" and run.get("head_repository_id") == run.get("repository_id")
        if ours and not artifact["expired"]:
            print(run["id"], run["head_sha"])
            sys.exit()
' <<<"$pages"
