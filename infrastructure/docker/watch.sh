#!/bin/bash
# Builds and runs a C++ service in a development container, and does both again whenever a source file is
# saved. If a build fails, the previous program keeps running.
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

# build: runs the build in the background, so that the shell handles signals at once.
build() {
    {
        # Configure only once: later, Ninja itself runs CMake again if needed.
        { [[ -f /build/build.ninja ]] ||
            cmake -S /src --preset "${PRESET:-dev}" -B /build -DMLP_BUILD_TESTS=OFF; } &&
        cmake --build /build --target "$target"
    } >&2 &
    wait $!
}

# version: prints the state of the program and of the files that it reads at its start.
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
    say "$target exited with status $status; save a file to start it again"
}

# An editor saves a file in several operations: wait until nothing happens for 0.2 s.
next_change() {
    local path status
    while true; do
        status=0
        read -rt 1 path <&3 || status=$?
        ((status > 0)) || break
        # A status above 128 is read's timeout; otherwise the pipe was closed.
        ((status > 128)) || watcher_ended
        report_end
    done
    say "changed: $path"
    while read -rt 0.2 _ <&3; do :; done
}

# Stop the program: without the watcher it would silently stay outdated.
watcher_ended() {
    say "inotifywait has ended, so saved files are no longer noticed; its message is above"
    say "If it lacks watches, run on the engine's machine: sysctl fs.inotify.max_user_watches=524288"
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
# Started before the first build, so that files saved during a build are noticed after it.
exec 3< <(exec inotifywait --monitor --recursive --quiet --event close_write,moved_to,delete \
    --exclude '(/node_modules|/tests|/\.[^/]*|~|\.md)$' --format '%w%f' "${watched[@]}")
while true; do
    if build; then
        start_program
    else
        say "the build failed${pid:+; the previous program keeps running}"
    fi
    next_change
done
