#!/usr/bin/env bash
# Watches a running platform for some minutes and fails when it does not keep its service level objective: 99.5 % of
# the requests are answered (not with 5xx), 95 % of them within 250 ms.
#
# usage: make slo-watch BASE_URL=https://...
#   WATCH_SECONDS        for how long (default: 300, at most 3000)
#   WATCH_RATE           own requests a second, so that there is something to judge (default: 10)
#   PROMETHEUS_URL       a Prometheus, or Google's at https://monitoring.googleapis.com/v1/projects/PROJECT/
#                        location/global/prometheus; judges all requests, not only ours. Empty: only ours are judged
#   WATCH_SETTLE_SECONDS how long Prometheus gets to read the last counters (default: 60, two of Google's intervals)
#   PROMETHEUS_TOKEN     sent to it as a bearer token. Google's is asked for here (gcloud): it lives for an hour only
#   PROMETHEUS_MATCHERS  narrow down which, such as: pod=~"api-canary-.*"
#
# It ends early when so much fails that the month's budget of errors would be gone within two days (a burn rate of
# 14.4, as in the alerts of infrastructure/prometheus).

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
no_arguments "$@"
[[ ${BASE_URL:-} =~ ^https?:// ]] || die "BASE_URL is '${BASE_URL:-}'" "make slo-watch BASE_URL=https://..."
if [[ -z ${PROMETHEUS_TOKEN:-} && ${PROMETHEUS_URL:-} == https://monitoring.googleapis.com/* ]]; then
    PROMETHEUS_TOKEN=$(gcloud auth print-access-token) ||
        die "there is no token for $PROMETHEUS_URL" "log in: gcloud auth login; or set PROMETHEUS_TOKEN"
    export PROMETHEUS_TOKEN
fi
exec python3 "$REPO/scripts/lib/slo_watch.py"
