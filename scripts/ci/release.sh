#!/usr/bin/env bash
# Deploys images to an environment, watches over them, and takes them back by itself when they fail.
#
# usage: scripts/ci/release.sh staging|production IMAGES_FILE
#   BASE_URL        where the environment answers
#   PROMETHEUS_URL  where its metrics can be asked (production)
#   DRY_RUN=1       prints the steps and runs none
#
# staging:     deploy -> end-to-end tests
# production:  a canary of each service -> watch it -> deploy -> watch the whole
#
# Deploying ends with the smoke test. Whichever step fails, what it changed is taken back; the exit code stays 1.
# The steps are the make targets that a person uses.

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=scripts/lib/images.sh
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

# target MAKE_ARGUMENT...
target() {
    printf '%s=== make %s%s\n' "$BOLD" "$*" "$RESET"
    [[ ${DRY_RUN:-} == 1 ]] || make --no-print-directory -C "$REPO" "$@"
}

# deploy [MAKE_ARGUMENT...]
deploy() {
    # The environment's approval was the question.
    target "$goal" "IMAGES_FILE=$images" ASSUME_YES=1 "$@"
}

# watch MATCHER [MAKE_ARGUMENT...]: the objective, by the metrics of this environment that MATCHER narrows further.
watch() { target slo-watch "PROMETHEUS_MATCHERS=namespace=\"$namespace\"$1" "${@:2}"; }

roll_out() {
    if [[ $environment == staging ]]; then
        deploy && target e2e
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
    warn "$environment: the release failed; taking back what it changed"
    target "$goal" BACK=1 ASSUME_YES=1 || die "$environment: the roll-back failed too" \
        "by hand: make $goal IMAGES_FILE=..., with" "$(cat "$RUN_DIR/deploy/$environment/previous" 2>/dev/null)"
}

roll_out || exit 1
finished=true
if [[ ${DRY_RUN:-} == 1 ]]; then info "(DRY_RUN: nothing was done)"; else ok "$environment runs:" && references "$images"; fi
