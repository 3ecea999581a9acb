#!/usr/bin/env bash
# Sends a request to every part of a running platform through its gateway: the first check after a
# deployment. It changes nothing, so it is safe for production.
#
# usage: make smoke [BASE_URL=https://...]   (default: the platform that `make dev-up` started)
#   SMOKE_SECONDS  how long an address may take to answer as it should (default: 30)

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"
if [[ -z ${BASE_URL:-} ]]; then
    choose_mode
    load_env
fi
BASE_URL=${BASE_URL%/}
SMOKE_SECONDS=${SMOKE_SECONDS:-30}

status_of() {
    curl --silent --output /dev/null --max-time 10 --write-out '%{http_code}' "$BASE_URL$1" || true
}

# probe PATH STATUS: PATH answers with STATUS. An address may need a moment after a deployment: a load balancer
# learns of new Pods, a certificate of its domain.
probe() {
    local status deadline=$((SECONDS + SMOKE_SECONDS))
    while status=$(status_of "$1") && [[ $status != "$2" ]]; do
        ((SECONDS < deadline)) || die "$BASE_URL$1 answers $status, not $2" "000 means: no answer at all"
        sleep 1
    done
    info "  $2 $1"
}

# probe_redirect PATH TARGET: PATH leads to TARGET on this very origin, by HTTPS where that is how we came.
probe_redirect() {
    local found
    probe "$1" 302
    found=$(curl --silent --output /dev/null --max-time 10 --write-out '%{redirect_url}' "$BASE_URL$1") || true
    [[ $found == "$BASE_URL$2" ]] || die "$BASE_URL$1 leads to ${found:-nowhere}, not to $BASE_URL$2"
}

start=$(microseconds)
probe / 200
probe /a-page-of-the-app 200
probe /api/health 200
probe /api/ready 200
probe /api/docs 200
probe /api/openapi.json 200
probe /api/v1/items 200
probe '/api/v1/items?limit=101' 422
probe /api/v1/nothing 404
probe_redirect /dash /dash/
probe /dash/ 200
probe /dash/_dash-layout 200
probe /dash/_dash-dependencies 200
ok "Every address of $BASE_URL answers as it should ($(elapsed "$start"))"
