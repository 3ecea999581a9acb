#!/usr/bin/env bash
# Deploys images to an environment, watches them, and rolls back automatically if they fail.
#
# usage: scripts/ci/release.sh staging|production IMAGES_FILE
#   BASE_URL        address of the environment
#   PROMETHEUS_URL  address of its metrics (production)
#   DRY_RUN=1       prints the steps and runs none
#   DEPLOY_MINUTES, E2E_MINUTES, WATCH_MINUTES, BACK_MINUTES
#                   how long a step may take (defaults: 75, 15, 10 and 50); a longer WATCH_SECONDS needs more of them
#
# staging:     deploy -> end-to-end tests
# production:  a canary of each service -> watch it -> deploy -> watch the whole
#
# A deployment ends with the smoke test. If a step fails or exceeds its time, its changes are rolled
# back, and the exit code is 1. The steps are the make targets that people use.

source "$(dirname "$0")/../lib/common.sh"
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
environment=$1 images=${2:-}
case $environment in
    staging) goal='deploy-staging' ;;
    production) goal='deploy-prod' ;;
    *) die "unknown environment: $environment" "see: $0 --help" ;;
esac
check_images_file "$images"
[[ -n ${BASE_URL:-} ]] || die "BASE_URL is not set" "see: $0 --help"
export BASE_URL
namespace=mlp-$environment

# A job that runs out of time is ended, and cannot take anything back: so each step has less, and the jobs of
# cd-staging.yml and cd-production.yml have time for all of them and the way back. scripts/deploy.sh waits 2 minutes for
# secrets, 11 for the migration, 11 for each of four rollouts, 15 for the load balancer, and 2 for answers; on the way
# back only for rollouts and answers.
DEPLOY_MINUTES=${DEPLOY_MINUTES:-75}
E2E_MINUTES=${E2E_MINUTES:-15}
WATCH_MINUTES=${WATCH_MINUTES:-10}
BACK_MINUTES=${BACK_MINUTES:-50}

STEP=''
# target MINUTES MAKE_ARGUMENT...
target() {
    local status=0
    printf '%s=== make %s%s\n' "$BOLD" "${*:2}" "$RESET"
    [[ ${DRY_RUN:-} != 1 ]] || return 0
    # `timeout` ends make and all that it has started, since it gives them a process group. Ctrl-C does not reach that,
    # and bash would only hear of it when the step has ended, were it not in the background.
    timeout --kill-after=30s "$1m" make --no-print-directory -C "$REPO" "${@:2}" &
    STEP=$!
    wait "$STEP" || status=$?
    STEP=''
    ((status != 124 && status != 137)) || warn "make $2 took longer than $1 minutes"
    return "$status"
}
# stop_step: the one that an interrupt has left behind.
stop_step() {
    [[ -n $STEP ]] || return 0
    kill "$STEP" 2>/dev/null || true
    wait "$STEP" || true
}

# deploy [MAKE_ARGUMENT...]
deploy() {
    # The environment's approval was the question.
    target "$DEPLOY_MINUTES" "$goal" "IMAGES_FILE=$images" ASSUME_YES=1 "$@"
}

# watch MATCHER [MAKE_ARGUMENT...]: the objective, by the metrics of this environment that MATCHER narrows further.
watch() { target "$WATCH_MINUTES" slo-watch "PROMETHEUS_MATCHERS=namespace=\"$namespace\"$1" "${@:2}"; }

roll_out() {
    if [[ $environment == staging ]]; then
        deploy && target "$E2E_MINUTES" e2e
        return
    fi
    # A tenth of the requests goes to the canary: judged with all others, its failures would drown. At three times the
    # usual rate it gets 450 in five minutes, of which 100 are needed, on top of what others send.
    deploy CANARY=1 || return
    # Not where nothing ran before: that release went to all.
    if [[ ${DRY_RUN:-} == 1 || -e $RUN_DIR/deploy/production/canary ]]; then
        watch ',pod=~"api-canary-.*"' WATCH_RATE=30 && deploy || return
    fi
    watch ''
}

# Ctrl-C counts as a failure too. Whoever cancels the workflow has to deploy by hand: a cancelled job has seconds.
finished=false
on_exit undo_unfinished
# shellcheck disable=SC2317,SC2329 # called by the clean-up of common.sh
undo_unfinished() {
    ! $finished || return 0
    stop_step
    warn "$environment: the release failed; taking back what it changed"
    target "$BACK_MINUTES" "$goal" BACK=1 ASSUME_YES=1 || die "$environment: the roll-back failed too" \
        "by hand: make $goal IMAGES_FILE=..., with" "$(cat "$RUN_DIR/deploy/$environment/previous" 2>/dev/null)"
}

roll_out || exit 1
finished=true
if [[ ${DRY_RUN:-} == 1 ]]; then info "(DRY_RUN: nothing was done)"; else ok "$environment runs:" && references "$images"; fi
