# What every script shares: strict mode, paths, messages and long steps. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# One run directory is one instance of the platform: `make test` starts a second one beside it.
RUN_DIR=${RUN_DIR:-$REPO/.run}
LOG_DIR=$RUN_DIR/logs
# Downloaded tools are the same for every instance.
TOOLS_DIR=$REPO/.run/tools
export REPO RUN_DIR LOG_DIR TOOLS_DIR

# https://no-color.org
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' RESET=$'\e[0m'
else
    BOLD='' DIM='' RED='' GREEN='' YELLOW='' RESET=''
fi
export BOLD DIM RED GREEN YELLOW RESET

info() { printf '%s\n' "$*"; }
ok() { printf '%s✓%s %s\n' "$GREEN" "$RESET" "$*"; }
warn() { printf '%s!%s %s\n' "$YELLOW" "$RESET" "$*" >&2; }

# die MESSAGE [LINE...]: what went wrong, then what to do about it, one line each.
die() {
    printf '%s✗ %s%s\n' "$RED" "$1" "$RESET" >&2
    shift
    (($# == 0)) || printf '  %s\n' "$@" >&2
    exit 1
}

# show_help: prints the comment block at the top of the running script.
show_help() { awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"; }

# no_arguments "$@": for scripts that take none but --help.
no_arguments() {
    case ${1:-} in
        -h | --help) show_help && exit 0 ;;
        '') ;;
        *) die "unknown argument: $1" "see: $0 --help" ;;
    esac
}

# elapsed START_MICROSECONDS: seconds since then, with one decimal.
microseconds() { printf '%s' "${EPOCHREALTIME//[.,]/}"; }
elapsed() {
    local tenths=$((($(microseconds) - $1) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# Shows that a step is alive: on a terminal one line that is rewritten each second, elsewhere (CI)
# a line every 20 seconds. Ends when it is killed, or with the shell that started it.
_report_progress() {
    local title=$1 log=$2 start=$3 last seconds=0
    # A pipe that nobody writes to: unlike sleep(1), waiting for it ends at once with this process.
    exec 7<> <(:)
    while true; do
        read -rt 1 -u 7 || true
        seconds=$((seconds + 1))
        last=$(tail -c 400 "$log" 2>/dev/null | tr '\r' '\n' | grep -av '^[[:space:]]*$' | tail -n 1) || true
        if [[ -t 1 ]]; then
            printf '\r\e[K%s… %s %s%.80s%s' "$title" "$(elapsed "$start")" "$DIM" "$last" "$RESET"
        elif ((seconds % 20 == 0)); then
            printf '  … %s: %s, %.100s\n' "$title" "$(elapsed "$start")" "$last"
        fi
    done
}

_stop_progress() {
    [[ -n ${_PROGRESS_PID:-} ]] || return 0
    kill "$_PROGRESS_PID" 2>/dev/null || true
    wait "$_PROGRESS_PID" 2>/dev/null || true
    _PROGRESS_PID=''
    [[ ! -t 1 ]] || printf '\r\e[K'
}

# run_step TITLE LOG_NAME COMMAND...: runs a long command with its output in LOG_DIR/LOG_NAME.log
# and its progress on the screen. When it fails, shows the end of the log and exits.
# Not to be called in a condition: `set -e` would then not hold inside COMMAND.
run_step() {
    local title=$1 log=$LOG_DIR/$2.log start status
    shift 2
    mkdir -p "$LOG_DIR"
    start=$(microseconds)
    : >"$log"
    _report_progress "$title" "$log" "$start" "$BASHPID" &
    _PROGRESS_PID=$!
    # The command runs in the foreground so that Ctrl-C reaches it; the subshell keeps `set -e` on.
    set +e
    (
        set -e
        # A log is read in many places; colours would only be noise in it.
        export NO_COLOR=1
        unset FORCE_COLOR
        "$@"
    ) >"$log" 2>&1 8>&- 9>&-
    status=$?
    set -e
    _stop_progress
    if ((status != 0)); then
        tail -n "${LOG_TAIL_LINES:-25}" "$log" | sed 's/^/  | /' >&2
        die "$title failed after $(elapsed "$start") (exit code $status)" "the whole log: $log"
    fi
    ok "$title ($(elapsed "$start"))"
}

# try_step: run_step for a script that goes on after a failure; sets STEP_STATUS.
try_step() {
    set +e
    (run_step "$@")
    STEP_STATUS=$?
    set -e
    # Ctrl-C ends the whole script, not one step.
    ((STEP_STATUS < 128)) || exit "$STEP_STATUS"
}

_CLEANUPS=()
# on_exit COMMAND: runs COMMAND with the exit status when the script ends, however it ends; the
# latest goes first.
on_exit() { _CLEANUPS=("$1" ${_CLEANUPS[@]+"${_CLEANUPS[@]}"}); }
_run_cleanups() {
    local status=$? command
    trap - EXIT INT TERM
    _stop_progress
    for command in ${_CLEANUPS[@]+"${_CLEANUPS[@]}"}; do "$command" "$status" || true; done
    exit "$status"
}
trap _run_cleanups EXIT
trap 'printf "\nInterrupted\n" >&2; exit 130' INT
trap 'exit 143' TERM

# take_lock: at most one script at a time changes an instance.
take_lock() {
    mkdir -p "$RUN_DIR"
    exec 9>>"$RUN_DIR/lock"
    flock --nonblock 9 || die "another make command is changing this platform right now" \
        "wait until it has finished (lock: $RUN_DIR/lock)"
}

# hash_of FILE...: one hash over names and contents; a file that is missing counts as empty.
hash_of() {
    local file
    for file in "$@"; do
        printf '%s\n' "${file#"$REPO"/}" # a tree that was moved is still the same tree
        [[ ! -r $file ]] || cat "$file"
    done | sha256sum | cut -d ' ' -f 1
}

# up_to_date STAMP KEY / record STAMP KEY: skip work whose inputs, hashed to KEY, did not change.
up_to_date() { [[ -r $1 && $(<"$1") == "$2" ]]; }
record() {
    mkdir -p "$(dirname "$1")"
    printf '%s' "$2" >"$1"
}
