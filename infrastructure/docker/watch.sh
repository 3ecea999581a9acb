#!/bin/bash
# A C++ service in a development container: builds it, runs it, and does both again whenever one of
# its source files is saved. While the build fails, the program of before runs on.
#
# usage: watch.sh SERVICE_DIRECTORY TARGET            build, run, watch
#        watch.sh SERVICE_DIRECTORY TARGET COMMAND... build and run `TARGET COMMAND...` once
#
# The sources are mounted at /src, the build directory at /build and ccache's directory at $CCACHE_DIR.
#   PRESET  CMake preset: dev (default; fast to compile, assertions on) or release
set -euo pipefail
service=$1 target=$2
shift 2
program=/build/$service/$target
watched=(/src/cmake /src/libs "/src/$service")
pid='' running=''

say() { printf '[watch] %s\n' "$*" >&2; }

# build: in the background, so that a signal need not wait for the compiler.
build() {
    {
        # Configuring again is Ninja's job once there is a build directory.
        { [[ -f /build/build.ninja ]] ||
            cmake -S /src --preset "${PRESET:-dev}" -B /build -DMLP_BUILD_TESTS=OFF; } &&
        cmake --build /build --target "$target"
    } >&2 &
    wait $!
}

# version: changes with the program and with the files that it reads at start.
version() {
    find "$program" "/src/$service" -type f \( -path "$program" -o -path '*/assets/*' \
        -o -path '*/migrations/*' \) -printf '%p %T@ %s\n' | sort
}

stop_program() {
    [[ -n $pid ]] || return 0
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" || true
    pid=''
}

start_program() {
    local now
    now=$(version)
    [[ -z $pid || $now != "$running" ]] || { say "nothing to restart" && return 0; }
    stop_program
    running=$now
    say "starting $target"
    "$program" &
    pid=$!
}

report_end() {
    local status=0
    [[ -n $pid ]] && ! kill -0 "$pid" 2>/dev/null || return 0
    wait "$pid" || status=$?
    pid=''
    say "$target ended by itself with status $status; it starts again when a file is saved"
}

# Editors save by several operations: wait until there is a pause of 0.2 s.
next_change() {
    local path status
    while true; do
        status=0
        read -rt 1 path <&3 || status=$?
        ((status > 0)) || break
        # Above 128 it is the second that passed, else the end of the pipe.
        ((status > 128)) || watcher_ended
        report_end
    done
    say "changed: $path"
    while read -rt 0.2 _ <&3; do :; done
}

# A program that nobody rebuilds any more would be mistaken for the one of the saved files.
watcher_ended() {
    say "inotifywait has ended, so saved files are not seen any more; its message is above"
    say "too few watches? On the machine of the engine: sysctl fs.inotify.max_user_watches=524288"
    stop_program
    exit 1
}

[[ -r /src/CMakeLists.txt ]] || {
    say "the sources are not mounted at /src, or user $(id -u) may not read them"
    exit 1
}
if (($# > 0)); then
    build
    exec "$program" "$@"
fi

trap 'stop_program; exit 0' TERM INT
# Started before the first build: what is saved during a build waits in the pipe.
exec 3< <(exec inotifywait --monitor --recursive --quiet --event close_write,moved_to,delete \
    --exclude '(/node_modules|/tests|/\.[^/]*|~|\.md)$' --format '%w%f' "${watched[@]}")
while true; do
    if build; then
        start_program
    else
        say "the build failed${pid:+; the program of before runs on}"
    fi
    next_change
done
