#!/usr/bin/env bash
# Builds and runs every test: C++ units, the OpenAPI document, C++ against a real PostgreSQL,
# TypeScript, the whole platform end to end through the gateway in headless Chromium, the API
# against its document and against a model, and the monitoring with the alerts that it raises.
#
# usage: make test
#        scripts/test.sh [SUITE...]   SUITE: unit, integration, react, ci, files, e2e, api, monitoring (all)
#   ci and files look at what is in the tree, and need nothing that runs: the pipeline's scripts and
#   the guide; dashboards, rules, manifests and all that the monitoring reads
#   PRESET  CMake preset: release (default), dev, asan or tsan
#   SEED    of the random requests to the API; one that failed names its own, to be repeated
#
# The tests use their own instance of the platform, with a new database, on free ports and below
# .run/test/. It does not affect the platform of `make dev-up`. The last line is "N passed, N
# failed"; the exit code is 1 when a test failed or a suite ran none.

# An instance of its own, with the default settings rather than those of .env.
RUN_DIR=$(cd "$(dirname "$0")/.." && pwd)/.run/test
ENV_FILE=/dev/null
unset DATABASE_URL "${!POSTGRES_@}" VITE_API_URL
# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/lib/platform.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac
(($# > 0)) || set -- unit integration react ci files e2e api monitoring
for suite in "$@"; do
    [[ $suite =~ ^(unit|integration|react|ci|files|e2e|api|monitoring)$ ]] ||
        die "unknown suite: $suite" "see: $0 --help"
done
REPORTS=$RUN_DIR/reports

# wants SUITE
wants() { [[ " ${SUITES[*]} " == *" $1 "* ]]; }

PASSED=0 FAILED=0 SKIPPED=0 FAILURES=''
# suite TITLE LOG_NAME REPORT COMMAND...: runs a suite, adds up what its report says, and keeps what it
# says of the tests that failed.
suite() {
    local title=$1 log=$2 report=$REPORTS/$3 said passed failed skipped
    shift 3
    LOG_TAIL_LINES=80 try_step "$title" "$log" "$@"
    said=$(python3 "$REPO/scripts/lib/test_report.py" "$report")
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

ctest_suite() { ctest --test-dir "$BUILD_DIR" --output-on-failure --no-tests=error "$@"; }

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
    node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit \
        --test-reporter-destination="$REPORTS/ci.xml" "$REPO"/tests/{ci,guide}/*.test.mjs
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

# The integration tests' database; the end-to-end tests use the platform's own.
create_test_database() {
    superuser_psql --set=role="$POSTGRES_USER" <<'SQL'
SELECT format('CREATE DATABASE mlp_test OWNER %I', :'role') \gexec
SELECT format('ALTER ROLE %I CREATEDB', :'role') \gexec
SQL
}

SUITES=("$@")
start=$(microseconds)
take_lock
# shellcheck disable=SC2119 # no more ports than those of the platform
choose_ports
load_env
ensure_tools test
! wants unit || with_setup_lock ensure_openapi_validator
! wants api || with_setup_lock ensure_api_tests
! wants files || with_setup_lock ensure_go
cd "$REPO"

# The instance of an earlier run that was killed, and its data.
on_exit stop_everything
stop_everything
[[ ! -L $RUN_DIR/postgres ]] || rm -rf "$(readlink -f "$RUN_DIR/postgres")"
rm -rf "$RUN_DIR"/{postgres,services,traefik,prometheus,alertmanager,loki,alloy,grafana,reports,logs}
mkdir -p "$REPORTS" "$LOG_DIR"

targets=()
! wants unit && ! wants integration || targets+=(tests)
! wants e2e && ! wants monitoring || targets+=(api dash-app)
! wants api || targets+=(api)
((${#targets[@]} == 0)) || build_targets "${targets[@]}"

! wants react || suite "TypeScript tests" react-tests react.json vitest_suite
! wants ci || suite "Scripts of the pipeline, and the guide" ci-tests ci.xml ci_suite
! wants files || suite "Files of the monitoring, and the manifests" files-tests files.xml files_suite
! wants unit || suite "C++ unit tests" unit-tests unit.xml \
    ctest_suite -LE postgres -j "$(nproc)" --output-junit "$REPORTS/unit.xml"
! wants unit || suite "OpenAPI document" openapi openapi.xml openapi_suite
if wants integration || wants e2e || wants api || wants monitoring; then
    locate_postgres
    ensure_supervisor
    ensure_cluster
    ensure_service postgres
    wait_until 60 healthy postgres || service_failed postgres
    run_step "Preparing role and database" database ensure_role_and_database
    create_test_database
fi
if wants integration; then
    export TEST_DATABASE_URL=postgresql://$POSTGRES_USER:$POSTGRES_PASSWORD@127.0.0.1:$POSTGRES_PORT/mlp_test
    # One after the other: they share one database.
    suite "C++ tests against PostgreSQL" integration-tests integration.xml \
        ctest_suite -L postgres --output-junit "$REPORTS/integration.xml"
fi
if wants e2e; then
    HEALTH_TIMEOUT=120 start_platform
    suite "End-to-end tests" e2e-tests e2e.xml e2e_suite
fi
if wants api; then
    start_database
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

# Once more at the end, where they are looked for: the suites that came later have scrolled them away.
[[ -z $FAILURES ]] || printf '\n%sWhat failed%s\n%s\n' "$RED" "$RESET" "$FAILURES"
info "Tests took $(elapsed "$start"); reports: $REPORTS"
printf '%d passed, %d failed%s\n' "$PASSED" "$FAILED" \
    "$( ((SKIPPED == 0)) || printf ', %d skipped' "$SKIPPED")"
((FAILED == 0))
