#!/usr/bin/env bash
# The one check that a branch's rules require: fails unless every job that this one needs succeeded, or was left out
# because nothing that it looks at has changed. A job that was cancelled did not succeed.
#
# usage: NEEDS='{"lint": {"result": "success"}, ...}' scripts/ci/gate.sh   (NEEDS: toJSON(needs) of the workflow)

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
no_arguments "$@"

mapfile -t results < <(python3 -c '
import json, os
for name, job in json.loads(os.environ["NEEDS"]).items():
    print(job["result"], name)
')
# A pipe hides that it had nothing to say.
((${#results[@]} > 0)) || die "NEEDS names no job"
failed=0
for line in "${results[@]}"; do
    case $line in
        'success '* | 'skipped '*) info "  $line" ;;
        *) warn "$line" && failed=1 ;;
    esac
done
((failed == 0)) || die "not every job succeeded"
ok "Every job succeeded or had nothing to do"
