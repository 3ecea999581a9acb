#!/usr/bin/env bash
# Checks the style and the common mistakes of every language in the tree.
#
# usage: make lint      checks
#        make lint-fix  corrects what a tool can correct by itself (clang-format, ESLint, Prettier, hclfmt)
#
# Every check runs, even after a failed one. The exit code is 1 if any failed. Findings of
# clang-tidy and shellcheck need a person, so --fix does not touch them.
#   TIDY  what clang-tidy looks at: changed (default), which is what differs from main and what is not committed;
#         on main itself, what the last commit changed. all: the whole tree, as make check-all does

source "$(dirname "$0")/lib/platform.sh"
fix=false
[[ ${TIDY:-changed} == @(changed|all) ]] || die "TIDY must be changed or all, not '$TIDY'"
case ${1:-} in
    -h | --help) show_help && exit 0 ;;
    --fix) fix=true ;;
    '') ;;
    *) die "unknown argument: $1" "see: $0 --help" ;;
esac

# tracked PATTERN...: files of the tree that match, committed or not yet, ignored ones left out.
tracked() {
    git -C "$REPO" ls-files --cached --others --exclude-standard -z -- "$@" |
        while IFS= read -r -d '' file; do [[ ! -f $REPO/$file ]] || printf '%s\0' "$file"; done
}

clang_format() { tracked '*.cpp' '*.hpp' | xargs -0 -r -n 50 -P "$(nproc)" clang-format-19 "$@"; }

# compared_with: the commit that changes are counted from: where this branch left main; on main itself, and where there
# is no main (a checkout of a pull request as merged, whose first parent it is), the commit before. Nothing where
# there is none either, as in a clone of depth 1.
compared_with() {
    local main base
    for main in origin/main main; do
        base=$(git -C "$REPO" merge-base HEAD "$main" 2>/dev/null) || continue
        [[ $base != $(git -C "$REPO" rev-parse HEAD) ]] || break
        printf '%s' "$base"
        return
    done
    git -C "$REPO" rev-parse --quiet --verify HEAD^ || true
}

clang_tidy() {
    local since=()
    [[ -f $BUILD_DIR/build.ninja ]] || cmake --preset "$PRESET" -B "$BUILD_DIR"
    # clang-tidy parses what the compiler parses: the precompiled headers must be there.
    cmake --build "$BUILD_DIR" --target mlp_pch mlp_test_pch
    if [[ ${TIDY:-changed} == changed ]]; then
        since=(--since "$(compared_with)")
        [[ -n ${since[1]} ]] || since=()
    fi
    python3 "$REPO/tests/runner/tidy.py" "$BUILD_DIR" "${since[@]}"
}

# clang-tidy takes longest and the other checks use one core, so it runs beside them.
start_clang_tidy() {
    mkdir -p "$LOG_DIR"
    rm -f "$LOG_DIR/clang-tidy.status"
    (
        trap 'echo $? >"$LOG_DIR/clang-tidy.status"' EXIT
        clang_tidy
    ) >"$LOG_DIR/clang-tidy.log" 2>&1 9>&- &
    TIDY_PID=$!
    on_exit stop_clang_tidy
}
stop_clang_tidy() { kill "$TIDY_PID" 2>/dev/null || true; }
finish_clang_tidy() {
    tail --lines=+1 --follow --pid="$TIDY_PID" "$LOG_DIR/clang-tidy.log"
    return "$(<"$LOG_DIR/clang-tidy.status")"
}

# What Debian 12 calls a valid configuration; the unit tests of the rules are in tests/monitoring.
prometheus_check() {
    promtool check config "$REPO/infrastructure/prometheus/prometheus.yml"
    amtool check-config "$REPO/infrastructure/alertmanager/alertmanager.yml"
}

# A few files for each process: one for all of them would keep what each of them sources, and take minutes.
shell_check() {
    local file
    tracked scripts infrastructure tests benchmarks .ci | while IFS= read -r -d '' file; do
        [[ $file != *.sh ]] && ! head -n 1 "$file" | grep -qE '^#!.*\b(ba)?sh\b' || printf '%s\0' "$file"
    done | xargs -0 -n 8 -P "$(nproc)" shellcheck
}

# terraform_format [-w]: shows what differs from the form of `terraform fmt`, or with -w corrects it.
terraform_format() {
    local file files status=0
    mapfile -d '' -t files < <(tracked '*.tf' '*.tftest.hcl')
    for file in "${files[@]}"; do
        if [[ ${1:-} == -w ]]; then
            "$LINTERS/hclfmt" -w "$file"
        else
            "$LINTERS/hclfmt" -check "$file" | diff --unified --label "$file" --label "as it should be" "$file" - ||
                status=1
        fi
    done
    return "$status"
}

docker_files() { tracked '*Dockerfile' '*Dockerfile.dev' | xargs -0 -r "$HADOLINT"; }

# same_toolchain: the builder makes the stage `toolchain` once only where its lines are the same.
same_toolchain() {
    local file lines first='' expected status=0 found=0
    while IFS= read -r -d '' file; do
        lines=$(sed -n '/^FROM .* AS toolchain$/,/^$/p' "$file")
        [[ -n $lines ]] || continue
        found=$((found + 1))
        if [[ -z $first ]]; then
            first=$file expected=$lines
        elif ! diff --unified --label "$first" --label "$file" <(echo "$expected") <(echo "$lines"); then
            echo "$file: copy 'FROM ... AS toolchain' and what follows, up to the empty line, from $first; or the other way round"
            status=1
        fi
    done < <(tracked 'services/*/Dockerfile' 'services/*/Dockerfile.dev')
    if ((found < 2)); then
        echo "$found Dockerfiles have a stage 'toolchain', so there is nothing to compare"
        status=1
    fi
    return "$status"
}

# forbidden: what must never be committed. Written so that this file does not match itself.
forbidden() {
    local status=0
    if tracked . ':!package-lock.json' | xargs -0 grep -nIE '\b(TO''DO|FIX''ME|XX''X)\b'; then
        echo "unfinished work belongs into an issue, not into the tree"
        status=1
    fi
    if tracked 'libs/*/include/*' 'libs/*/src/*' 'services/*/app/*' ':!libs/base' | xargs -0 grep -n '\buse_awaitable\b'; then
        echo "base::use_task keeps the context of the request, this does not: docs/adr/0004-one-io-context-per-core.md"
        status=1
    fi
    if grep -n '"resolved": "http' "$REPO/package-lock.json"; then
        echo "package-lock.json names a registry: run npm install with this tree's .npmrc"
        status=1
    fi
    return "$status"
}

# The published schema of Compose files; what they mean together is for `docker compose config`, which
# tests/containers/run.sh calls.
compose_files() {
    tracked 'infrastructure/docker/*.yml' |
        xargs -0 "$CHECK_JSONSCHEMA" --builtin-schema vendor.compose-spec
}

failed=()
# check TITLE LOG_NAME COMMAND...
check() {
    LOG_TAIL_LINES=60 try_step "$@"
    ((STEP_STATUS == 0)) || failed+=("$1")
}

start=$(microseconds)
take_lock
ensure_tools test
with_setup_lock ensure_linters
with_setup_lock ensure_schema_checker
cd "$REPO"
if $fix; then
    check "clang-format" lint-clang-format clang_format -i
    check "ESLint" lint-eslint npx --no-install eslint --cache --cache-location build/.eslintcache --fix .
    check "Prettier" lint-prettier npx --no-install prettier --write --log-level warn .
    check "Terraform" lint-terraform terraform_format -w
else
    start_clang_tidy
    check "Forbidden words" lint-forbidden forbidden
    check "clang-format" lint-clang-format clang_format --dry-run -Werror
    check "shellcheck" lint-shellcheck shell_check
    check "actionlint" lint-actionlint "$LINTERS/actionlint"
    check "zizmor" lint-zizmor "$ZIZMOR" --offline --no-progress .github
    check "Terraform" lint-terraform terraform_format
    check "hadolint" lint-hadolint docker_files
    check "Toolchain of the images" lint-toolchain same_toolchain
    check "Prometheus rules, Alertmanager" lint-prometheus prometheus_check
    check "Kubernetes manifests" lint-kubernetes "$REPO/tests/kubernetes/lint.sh"
    check "ESLint" lint-eslint npx --no-install eslint --cache --cache-location build/.eslintcache \
        --max-warnings 0 .
    check "Prettier" lint-prettier npx --no-install prettier --check --cache \
        --cache-location build/.prettiercache .
    check "Compose files" lint-compose compose_files
    check "TypeScript" lint-typescript npm run typecheck --workspace services/react-app
    check "clang-tidy" lint-clang-tidy finish_clang_tidy
fi
((${#failed[@]} == 0)) || die "these complain: ${failed[*]}" "what a tool can correct: make lint-fix"
ok "No complaints ($(elapsed "$start"))"
