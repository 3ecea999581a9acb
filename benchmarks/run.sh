#!/usr/bin/env bash
# Measures the API side by side with FastAPI, nginx and PostgreSQL itself, on this machine, and
# writes docs/benchmarks.md with its plots. Takes about 25 minutes; leave the machine alone.
#
# usage: make bench
#        benchmarks/run.sh [--full] [--quick] [--only PART,...] [--render]
#   --full    with a table of 10,000,000 items (about 4 GB of disk)
#   --quick   two short rounds as a trial; writes to build/bench/, not to docs/
#   --only    some parts; also writes to build/bench/: health, item, list, create, startup, idle,
#             stats, growth
#   --render  writes the page again from build/bench/results.json, without measuring
# With make: make bench ARGS="--quick --only item"
#
# It uses its own PostgreSQL, below .run/bench/, and ends every process that it started. The exit code
# is 1 if a server failed a request, or if the servers' answers differ.

# A separate instance, with the default settings instead of those of .env.
RUN_DIR=$(cd "$(dirname "$0")/.." && pwd)/.run/bench
source "$(dirname "$0")/../scripts/lib/platform.sh"
case ${1:-} in -h | --help) show_help && exit 0 ;; esac

BENCH=$REPO/benchmarks
PROGRAMS=$TOOLS_DIR/bench

# first_program CANDIDATE...: prints the first one that can run.
first_program() {
    local candidate
    for candidate in "$@"; do
        if [[ -x $candidate ]]; then
            printf '%s' "$candidate"
            return
        fi
    done
    return 1
}

find_nginx() { first_program /usr/sbin/nginx "$PROGRAMS/usr/sbin/nginx"; }
# Not Debian's pgbench on PATH, which is a wrapper that looks for a server of Debian's.
find_pgbench() {
    first_program /usr/lib/postgresql/*/bin/pgbench "$PROGRAMS"/usr/lib/postgresql/*/bin/pgbench
}

_unpack_programs() {
    local names package downloads=$PROGRAMS/downloads
    mapfile -t names < <(package_names "$BENCH/packages-unpacked.txt")
    rm -rf "$downloads"
    mkdir -p "$downloads"
    cd "$downloads" || return
    ((EUID != 0)) || apt-get -o DPkg::Lock::Timeout=300 update
    apt-get download "${names[@]}"
    for package in *.deb; do dpkg-deb --extract "$package" "$PROGRAMS"; done
}

_install_peers() {
    python3 -m venv --clear "$PROGRAMS/venv"
    "$PROGRAMS/venv/bin/python" -m pip install --require-hashes --no-deps \
        --disable-pip-version-check -r "$1"
}

# Installs the programs and packages that only the benchmark needs.
ensure_bench_tools() {
    local requirements=$BENCH/requirements.txt key
    ensure_packages bench
    ensure_node
    ensure_npm_packages
    if ! find_nginx >/dev/null || ! find_pgbench >/dev/null; then
        run_step "Unpacking nginx and pgbench" bench-programs _unpack_programs
    fi
    key=$(hash_of "$requirements")
    if ! up_to_date "$PROGRAMS/venv.stamp" "$key"; then
        run_step "Installing FastAPI and its companions" bench-pip _install_peers "$requirements"
        record "$PROGRAMS/venv.stamp" "$key"
    fi
}

harness() { PYTHONPATH=$BENCH python3 -B -m harness "$@" 9>&-; }

take_lock
if [[ " $* " == *" --render "* ]]; then
    harness "$@"
    exit
fi
run_step "Testing the benchmark itself" bench-tests env PYTHONPATH="$BENCH" \
    python3 -B -m unittest discover --top-level-directory "$BENCH" --start-directory "$BENCH/tests"
with_setup_lock ensure_bench_tools
build_targets api libpq_pipeline
locate_postgres
ensure_cluster

export BUILD_DIR
BENCH_PYTHON=$PROGRAMS/venv/bin/python BENCH_NGINX=$(find_nginx) BENCH_PGBENCH=$(find_pgbench)
export BENCH_PYTHON BENCH_NGINX BENCH_PGBENCH
harness "$@"
