#!/usr/bin/env bash
# Runs some suites one after the other, on an instance of the platform of their own: a part of scripts/test.sh,
# which has installed and built what they need, and reads what this leaves in .run/test/LANE: `counts` (passed,
# failed, skipped) and `failures` (what to show of the tests that failed).
#
# usage: tests/runner/lane.sh LANE SUITE...
#        tests/runner/lane.sh LANE --clean    stops and removes what an earlier run left
LANE=$1
shift
RUN_DIR=$(cd "$(dirname "$0")/../.." && pwd)/.run/test/$LANE
ENV_FILE=/dev/null
# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/../../scripts/lib/platform.sh"
REPORTS=$RUN_DIR/reports
SUITES=("$@")
wants() { [[ " ${SUITES[*]} " == *" $1 "* ]]; }

PASSED=0 FAILED=0 SKIPPED=0 FAILURES=''
# suite TITLE LOG_NAME REPORT COMMAND...: runs a suite, adds up what its report says, and keeps what it
# says of the tests that failed.
suite() {
    local title=$1 log=$2 report=$REPORTS/$3 said passed failed skipped
    shift 3
    LOG_TAIL_LINES=80 try_step "$title" "$log" "$@"
    said=$(python3 "$REPO/tests/runner/report.py" "$report")
    read -r passed failed skipped <<<"$said"
    if ((passed + failed == 0)); then
        warn "$title ran no test (report: $report)"
        failed=1
    elif ((STEP_STATUS != 0 && failed == 0)); then
        # The runner failed outside of any test.
        failed=1
    fi
    if ((failed > 0)); then
        FAILURES+="${BOLD}$title${RESET} (the whole log: $LOG_DIR/$log.log)"$'\n'
        FAILURES+=$(tail -n +2 <<<"$said")$'\n'
    fi
    info "  $title: $passed passed, $failed failed$( ((skipped == 0)) || printf ', %s skipped' "$skipped")"
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
}

# ctest_suite NAME ARGUMENT...: a test of ctest is a whole program, whose own report is in a directory of the same name.
ctest_suite() {
    local report=$REPORTS/$1
    shift
    mkdir -p "$report"
    GTEST_OUTPUT=xml:$report/ UBSAN_OPTIONS=print_stacktrace=1 ctest --test-dir "$BUILD_DIR" --output-on-failure \
        --no-tests=error --output-junit "$report.xml" "$@"
}

vitest_suite() {
    cd "$REPO/services/react-app" || return
    npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$REPORTS/react.json"
}

openapi_suite() {
    "$OPENAPI_PYTHON" "$REPO/tests/api/validate_openapi.py" "$REPO/services/api/openapi.json" \
        "$REPORTS/openapi.xml"
}

# What the tests in tests/e2e are told: BASE_URL (the gateway), DATABASE_URL, CHROMIUM, RUN_DIR.
e2e_suite() {
    CHROMIUM=$(command -v chromium) npm run e2e --workspace tests/e2e -- \
        --test-reporter=junit --test-reporter-destination="$REPORTS/e2e.xml"
}

# Also that the guide names nothing that is not there.
ci_suite() {
    # Most of them wait, for a watch or for a stand-in, rather than compute.
    node --test --test-concurrency=4 --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit \
        --test-reporter-destination="$REPORTS/ci.xml" "$REPO"/tests/{ci,cloud,guide,runner,scripts}/*.test.mjs
}

# What the monitoring reads agrees with itself and with the manifests; told where Go is.
files_suite() {
    cd "$REPO/tests/monitoring" || return
    GO=$GO node --test --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=junit --test-reporter-destination="$REPORTS/files.xml" files/*.test.mjs
}

# The tests in tests/api are told API_URL.
model_suite() {
    local seed=${SEED:-$SRANDOM}
    cd "$REPO/tests/api" || return
    HYPOTHESIS_STORAGE_DIRECTORY=$RUN_DIR/hypothesis "$API_TESTS/python" -B -m pytest \
        -p no:cacheprovider --hypothesis-seed="$seed" --junit-xml="$REPORTS/model.xml" || {
        printf 'Again, with the same requests: SEED=%s scripts/test.sh api\n' "$seed"
        return 1
    }
}

schemathesis_suite() {
    cd "$REPO/tests/api" || return
    PYTHONDONTWRITEBYTECODE=1 HYPOTHESIS_STORAGE_DIRECTORY=$RUN_DIR/hypothesis \
        "$API_TESTS/schemathesis" run \
        --report-junit-path "$REPORTS/schemathesis.xml" "$API_URL/openapi.json"
}

# Told where everything is, as the end-to-end tests are, and which parts of the monitoring run.
monitoring_suite() {
    cd "$REPO/tests/monitoring" || return
    MONITORING_PARTS=$(monitoring_parts | tr '\n' ' ') node --test --test-concurrency=1 \
        --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=junit --test-reporter-destination="$REPORTS/monitoring.xml" \
        live/*.test.mjs
}

start_postgres() {
    locate_postgres
    ensure_supervisor
    ensure_cluster
    ensure_service postgres
    wait_until 60 healthy postgres || service_failed postgres
    run_step "Preparing role and database" database ensure_role_and_database
}

# The integration tests' database; the end-to-end tests use the platform's own.
create_test_database() {
    superuser_psql --set=role="$POSTGRES_USER" <<'SQL'
SELECT format('CREATE DATABASE mlp_test OWNER %I', :'role') \gexec
SELECT format('ALTER ROLE %I CREATEDB', :'role') \gexec
SQL
}

# sanitizers_are_silent: fails the lane for what AddressSanitizer and UndefinedBehaviorSanitizer reported of a
# service. The supervisor starts a service again that they ended, so a test need not notice.
sanitizers_are_silent() {
    local found
    found=$(grep --no-messages -E -A 12 'ERROR: (Address|Leak)Sanitizer|WARNING: ThreadSanitizer|: runtime error: ' "$LOG_DIR"/{api,dash,react}.log* |
        head -n 60) || true
    [[ -n $found ]] || return 0
    FAILED=$((FAILED + 1))
    FAILURES+="${BOLD}A service was reported by a sanitizer${RESET} (logs: $LOG_DIR)"$'\n'"$found"$'\n'
}

clean() {
    [[ ! -d $RUN_DIR ]] || stop_everything
    # Also what a clone that was deleted has left of its cluster: see locate_postgres.
    rm -rf "$(outside_of "$RUN_DIR")"
    [[ -d $RUN_DIR ]] || return 0
    # Hypothesis keeps the requests that failed, to try them first.
    find "$RUN_DIR" -mindepth 1 -maxdepth 1 ! -name hypothesis -exec rm -rf {} +
}

for listener in "${LISTENERS[@]}"; do
    name=$(port_variable "$listener")
    chosen=${LANE^^}_$name
    [[ -z ${!chosen:-} ]] || export "$name=${!chosen}"
done
load_env
cd "$REPO"
if [[ ${1:-} == --clean ]]; then
    clean
    exit 0
fi
mkdir -p "$REPORTS" "$LOG_DIR"
on_exit stop_everything

! wants react || suite "TypeScript tests" react-tests react.json vitest_suite
! wants ci || suite "Scripts of the pipeline, and the guide" ci-tests ci.xml ci_suite
! wants files || suite "Files of the monitoring, and the manifests" files-tests files.xml files_suite
! wants unit || suite "C++ unit tests" unit-tests unit.xml ctest_suite unit -LE postgres \
    --parallel "$(nproc)"
! wants unit || suite "OpenAPI document" openapi openapi.xml openapi_suite
if wants integration; then
    start_postgres
    create_test_database
    # shellcheck disable=SC2153 # POSTGRES_PORT is one of the ports that test.sh chose
    export TEST_DATABASE_URL=postgresql://$POSTGRES_USER:$POSTGRES_PASSWORD@127.0.0.1:$POSTGRES_PORT/mlp_test
    # One after the other: an event can be read once no older transaction is open, in whatever schema.
    suite "C++ tests against PostgreSQL" integration-tests integration.xml \
        ctest_suite integration -L postgres
fi
if wants e2e; then
    HEALTH_TIMEOUT=120 start_platform
    suite "End-to-end tests" e2e-tests e2e.xml e2e_suite
fi
if wants api; then
    start_postgres
    run_step "Migrating the schema" migrate migrate
    ensure_service api
    wait_until 60 healthy api || service_failed api
    suite "API against a model" model-tests model.xml model_suite
    suite "API against its document" schemathesis schemathesis.xml schemathesis_suite
fi
if wants monitoring; then
    export FAULTS_ENABLED=true
    HEALTH_TIMEOUT=120 start_platform
    HEALTH_TIMEOUT=120 start_monitoring
    name_missing_parts
    suite "Monitoring" monitoring-tests monitoring.xml monitoring_suite
fi
# Leaks are reported when a service ends.
stop_everything
sanitizers_are_silent
printf '%s' "$FAILURES" >"$RUN_DIR/failures"
printf '%d %d %d\n' "$PASSED" "$FAILED" "$SKIPPED" >"$RUN_DIR/counts"
