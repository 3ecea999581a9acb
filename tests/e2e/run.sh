#!/usr/bin/env bash
# Uses a deployed platform as a person does, in headless Chromium: the end-to-end tests that need
# only its address. They create items in their own categories and remove them: for staging, not for
# production.
#
# usage: make e2e BASE_URL=https://staging.example.org
#   CHROMIUM  the browser's program (default: chromium or Chrome from PATH)

source "$(dirname "$0")/../../scripts/lib/platform.sh"
no_arguments "$@"
[[ -n ${BASE_URL:-} ]] || die "BASE_URL is not set" "make e2e BASE_URL=https://staging.example.org" \
    "the tests of this machine's own platform: scripts/test.sh e2e"
if [[ -z ${CHROMIUM:-} ]]; then
    CHROMIUM=$(command -v chromium || command -v google-chrome || command -v chromium-browser) ||
        die "no Chromium on PATH" "apt-get install chromium, or set CHROMIUM"
fi
export BASE_URL CHROMIUM
with_setup_lock ensure_node
with_setup_lock ensure_npm_packages
LOG_TAIL_LINES=80 run_step "End-to-end tests of $BASE_URL" e2e-outside \
    npm --prefix "$REPO" run outside --workspace tests/e2e
grep -aE '^. (tests|pass|fail) [0-9]+' "$LOG_DIR/e2e-outside.log" || true
