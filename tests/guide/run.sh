#!/usr/bin/env bash
# Runs the commands of the guide (docs/guide/en), phase by phase, and compares each output with the
# guide. The Spanish guide has the same commands, which guide.test.mjs checks. It starts the
# platform and its monitoring, as the guide does, and leaves them running.
#
# usage: tests/guide/run.sh [PHASE...]      (default: 1 2 3 4 5 6)

source "$(dirname "$0")/../../scripts/lib/platform.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac

start=$(microseconds)
with_setup_lock ensure_wheels "Installing byexample" "$TOOLS_DIR/guide" "$REPO/tests/guide/requirements.txt"
mkdir -p "$RUN_DIR/guide"
cd "$REPO"
# Not in this shell: a reader's does not have the settings of .env.
origin=$(choose_mode && load_env && printf '%s' "$BASE_URL")
for phase in "${@:-1 2 3 4 5 6}"; do
    # Unquoted: the default is a list.
    # shellcheck disable=SC2086
    for number in $phase; do
        file=$(compgen -G "docs/guide/en/$number-*.md") || die "there is no phase $number" "see: $0 --help"
        copy=$RUN_DIR/guide/${file##*/}
        # Where this machine's gateway listens, if not on port 80.
        sed "s#http://localhost\([/ ?]\)#$origin\1#g" "$file" >"$copy"
        "$TOOLS_DIR/guide/bin/byexample" --language shell --timeout 60 --no-progress-bar "$copy" ||
            die "phase $number does not do what it says" "$file"
    done
done
ok "The guide does what it says ($(elapsed "$start"))"
