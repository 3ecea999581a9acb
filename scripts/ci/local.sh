#!/usr/bin/env bash
# Runs on this machine what the jobs of CI run (.github/workflows/ci.yml), in their order, and what a release would do.
#
# usage: scripts/ci/local.sh [JOB...]   (default: every job that this machine has the tools for)
#
#   lint        make lint
#   files       make test SUITES="ci files"              what reads documents, manifests and workflows
#   test        make test, make rolling
#   sanitizers  make test SUITES="unit integration"      with PRESET=asan, then with PRESET=tsan
#   containers  make dev-up, make smoke, make dev-down   with MODE=docker; needs a Docker engine, and this tree's own
#               platform not to run
#   cloud       make cloud-check                         needs Terraform
#   cluster     make k8s-check                           the first time it builds an API server
#   images      make image, make image-scan              needs a Docker engine and Trivy; for this architecture
#   release     what a release to each environment would do, without a cloud (DRY_RUN=1)
#   codeql      is left out: it is GitHub's, and runs there alone
#
# A job that was asked for and cannot run is an error; without arguments it is left out, and named.

# shellcheck source=scripts/lib/platform.sh
source "$(dirname "$0")/../lib/platform.sh"
# shellcheck source=scripts/lib/images.sh
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac
JOBS=(lint files test sanitizers containers cloud cluster images release)
asked=("$@")
for job in "${asked[@]}"; do
    [[ " ${JOBS[*]} " == *" $job "* ]] || die "unknown job: $job" "see: $0 --help"
done

engine_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# missing JOB: what this machine lacks for it; nothing when it can run.
missing() {
    case $1 in
        containers)
            engine_answers || echo "a Docker engine"
            ! containers_run && ! native_runs || echo "make dev-down first"
            ;;
        cloud) command -v "${TERRAFORM:-terraform}" >/dev/null || echo "Terraform" ;;
        images)
            engine_answers || echo "a Docker engine"
            command -v trivy >/dev/null || echo "Trivy"
            ;;
    esac
}

run_job() {
    local service
    case $1 in
        lint) make lint ;;
        files) make test SUITES="ci files" ;;
        test)
            make test
            make rolling
            ;;
        sanitizers)
            PRESET=asan make test SUITES="unit integration"
            PRESET=tsan make test SUITES="unit integration"
            ;;
        containers) try_containers ;;
        cloud) make cloud-check ;;
        cluster) make k8s-check ;;
        images)
            for service in "${IMAGE_SERVICES[@]}"; do
                make image SERVICE="$service"
                make image-scan SERVICE="$service"
            done
            ;;
        release)
            # Each on its own: `set -e` does not hold within `dry_release staging && ...`.
            dry_release staging
            dry_release production
            ;;
    esac
}

# try_containers: whether they come up and answer; they are stopped in any case.
try_containers() (
    export MODE=docker
    status=0
    { make dev-up && make smoke; } || status=$?
    make dev-down
    exit "$status"
)

# dry_release ENVIRONMENT: with images that do not exist.
dry_release() {
    local images
    images=$(mktemp)
    write_example_images "$images"
    DRY_RUN=1 BASE_URL=https://$1.example.org scripts/ci/release.sh "$1" "$images"
    rm "$images"
}

cd "$REPO"
results=()
((${#asked[@]} > 0)) && jobs=("${asked[@]}") || jobs=("${JOBS[@]}")
for job in "${jobs[@]}"; do
    lacks=$(missing "$job" | paste -sd , -)
    if [[ -n $lacks ]]; then
        ((${#asked[@]} == 0)) || die "$job cannot run here" "it needs: $lacks"
        results+=("$job: left out, needs $lacks")
        continue
    fi
    printf '\n%s=== %s%s\n' "$BOLD" "$job" "$RESET"
    start=$(microseconds)
    run_job "$job"
    results+=("$job: $(elapsed "$start")")
done
((${#asked[@]} > 0)) || results+=("codeql: left out, runs on GitHub alone")
printf '\n'
printf '  %s\n' "${results[@]}"
