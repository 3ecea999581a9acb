#!/usr/bin/env bash
# Runs what is slow and rarely fails, and so is not a part of make lint and make test. The pipeline runs it weekly;
# run it yourself before a large change is called done. Takes hours on two cores.
#
# usage: make check-all [PARTS="tsan tidy"]
#        scripts/check-all.sh [PART...]   (all)
#
#   tsan        the C++ unit and integration tests under ThreadSanitizer
#   release     every test, with the release build in place of the one with sanitizers
#   tidy        every check of make lint, with clang-tidy over the whole tree
#   bench       a short run of the benchmark: every program of it starts, and their answers agree
#   kubernetes  the manifests and deployments on a real control plane (make k8s-check)
#   containers  the container path with all its checks (FULL=1 tests/containers/run.sh); as root
#
# A part that fails does not stop the others. Ends with the seconds of each part; the exit code is 1 when one failed.

source "$(dirname "$0")/lib/common.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac
(($# > 0)) || set -- tsan release tidy bench kubernetes containers

run_part() {
    case $1 in
        tsan) PRESET=tsan "$REPO/scripts/test.sh" unit integration ;;
        release) PRESET=release "$REPO/scripts/test.sh" ;;
        tidy) TIDY=all "$REPO/scripts/lint.sh" ;;
        bench) "$REPO/benchmarks/run.sh" --quick ;;
        kubernetes) "$REPO/tests/kubernetes/check.sh" ;;
        containers) FULL=1 "$REPO/tests/containers/run.sh" ;;
        *) return 64 ;;
    esac
}

for part in "$@"; do
    [[ $part =~ ^(tsan|release|tidy|bench|kubernetes|containers)$ ]] || die "unknown part: $part" "see: $0 --help"
done
failed=() timings=()
for part in "$@"; do
    printf '\n=== %s\n' "$part"
    began=$SECONDS result=passed
    run_part "$part" || {
        failed+=("$part")
        result=FAILED
    }
    timings+=("$(printf '%5d s  %-10s  %s' $((SECONDS - began)) "$part" "$result")")
done
printf '\n=== Timings\n'
printf '%s\n' "${timings[@]}"
((${#failed[@]} == 0)) || die "these failed: ${failed[*]}" "repeat one: scripts/check-all.sh ${failed[0]}"
ok "All of it passed"
