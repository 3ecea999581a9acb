#!/usr/bin/env bash
# Builds and runs every test: C++ units, the OpenAPI document, C++ against a real PostgreSQL,
# TypeScript, the whole platform end to end through the gateway in headless Chromium, the API
# against its document and against a model, and the monitoring with the alerts that it raises.
#
# usage: make test
#        scripts/test.sh [SUITE...]   SUITE: unit, integration, react, ci, files, e2e, api, monitoring (all)
#   ci and files look at what is in the tree, and need nothing that runs: the pipeline's scripts and
#   the guide; dashboards, rules, manifests and all that the monitoring reads
#   PRESET  CMake preset of the C++ programs, the services among them: asan (default), release, dev or tsan
#   SEED    of the random requests to the API; one that failed names its own, to be repeated
#
# Suites that need nothing of each other run at the same time, in lanes (LANES below). A lane starts as soon as
# what it needs is built, and has an instance of the platform to itself, with a new database, on free ports and
# below .run/test/LANE/: a platform that `make dev-up` started goes on undisturbed. The last line is
# "N passed, N failed"; the exit code is 1 when a test failed or a suite ran none.
#
# One build serves all suites. With the preset asan the services run under AddressSanitizer and
# UndefinedBehaviorSanitizer too, and what these report fails the suite.

# Instances with the default settings rather than those of .env.
TEST_DIR=$(cd "$(dirname "$0")/.." && pwd)/.run/test
RUN_DIR=$TEST_DIR
ENV_FILE=/dev/null
PRESET=${PRESET:-asan}
unset DATABASE_URL "${!POSTGRES_@}" VITE_API_URL
# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac
(($# > 0)) || set -- unit integration react ci files e2e api monitoring
for suite in "$@"; do
    [[ $suite =~ ^(unit|integration|react|ci|files|e2e|api|monitoring)$ ]] ||
        die "unknown suite: $suite" "see: $0 --help"
done
SUITES=("$@")

# The suites of each lane, in the order in which they run.
declare -A LANES=([tree]="react ci files" [e2e]=e2e [api]=api [monitoring]=monitoring [unit]=unit [integration]=integration)

wants() { [[ " ${SUITES[*]} " == *" $1 "* ]]; }

# suites_of LANE: those of its suites that are wanted.
suites_of() {
    local suite
    for suite in ${LANES[$1]}; do ! wants "$suite" || printf '%s ' "$suite"; done
}

# All ports are chosen at once, so that no two lanes get the same.
choose_ports_of_lanes() {
    local lane listener names=()
    for lane in "${!LANES[@]}"; do
        for listener in "${LISTENERS[@]}"; do names+=("${lane^^}_$(port_variable "$listener")"); done
    done
    choose_free_ports "${names[@]}"
}

declare -A RUNNING=()
# start_lane LANE...: each in the background, as a process group of its own, so that it can be ended with all
# that it started.
start_lane() {
    local lane suites
    for lane in "$@"; do
        read -ra suites <<<"$(suites_of "$lane")"
        ((${#suites[@]} > 0)) || continue
        mkdir -p "$TEST_DIR/$lane"
        setsid "$REPO/tests/runner/lane.sh" "$lane" "${suites[@]}" >"$TEST_DIR/$lane/output" 2>&1 9>&- &
        RUNNING[$!]=$lane
        info "  ${suites[*]}: running"
    done
}

end_lanes() {
    local pid
    for pid in "${!RUNNING[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
    for pid in "${!RUNNING[@]}"; do wait "$pid" 2>/dev/null || true; done
}

PASSED=0 FAILED=0 SKIPPED=0
# finish_lane LANE: shows what it printed, and adds up its counts.
finish_lane() {
    local lane=$1 passed failed skipped
    cat "$TEST_DIR/$lane/output"
    if ! read -r passed failed skipped 2>/dev/null <"$TEST_DIR/$lane/counts"; then
        # It ended before its suites did: something that they need did not start.
        passed=0 failed=1 skipped=0
        {
            printf '%s%s%s ended early (the whole output: %s)\n' "$BOLD" "$(suites_of "$lane")" "$RESET" "$TEST_DIR/$lane/output"
            tail -n 20 "$TEST_DIR/$lane/output" | sed 's/^/    /'
        } >>"$TEST_DIR/$lane/failures"
    fi
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
}

wait_for_lanes() {
    local pid lane
    while ((${#RUNNING[@]} > 0)); do
        pid=''
        wait -n -p pid "${!RUNNING[@]}" || true
        [[ -n $pid ]] || continue
        lane=${RUNNING[$pid]}
        unset "RUNNING[$pid]"
        finish_lane "$lane"
        ((${#RUNNING[@]} == 0)) || info "  still running: ${RUNNING[*]} ($(elapsed "$start"))"
    done
}

start=$(microseconds)
take_lock
ensure_tools test
! wants unit || with_setup_lock ensure_openapi_validator
! wants api || with_setup_lock ensure_api_tests
! wants files || with_setup_lock ensure_go
export PRESET BUILD_DIR GO=${GO:-}
cd "$REPO"
choose_ports_of_lanes

# What earlier runs left: reports, and the instances of a run that was killed.
for lane in "${!LANES[@]}"; do RUN_DIR=$TEST_DIR/$lane "$REPO/tests/runner/lane.sh" "$lane" --clean; done
rm -rf "$LOG_DIR"
mkdir -p "$LOG_DIR"

on_exit end_lanes
start_lane tree
if wants e2e || wants api || wants monitoring; then
    build_targets api dash-app react-app
    start_lane e2e monitoring api
fi
if wants unit || wants integration; then
    # The platform of the lanes that run already goes first.
    CXX_NICE=10 build_targets tests
    start_lane unit integration
fi
wait_for_lanes

# Once more at the end, where they are looked for: the suites that came later have scrolled them away.
failures=$(cat "$TEST_DIR"/*/failures 2>/dev/null) || true
[[ -z $failures ]] || printf '\n%sWhat failed%s\n%s\n' "$RED" "$RESET" "$failures"
info "Tests took $(elapsed "$start"); reports: $TEST_DIR/*/reports"
printf '%d passed, %d failed%s\n' "$PASSED" "$FAILED" \
    "$( ((SKIPPED == 0)) || printf ', %d skipped' "$SKIPPED")"
((FAILED == 0))
