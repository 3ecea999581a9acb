#!/usr/bin/env bash
# Shows every tool that the platform needs: the required version, the found version, how to install
# it. The platform runs with containers or with the tools of native mode, which `make test` and
# `make lint` always need. Exits with 1 if neither set is complete.
#
# usage: make check-deps

source "$(dirname "$0")/lib/platform.sh"
no_arguments "$@"

complete=true
row() { printf '%s%-15s %-11s %-14s%s %s\n' "$1" "$2" "$3" "$4" "$RESET" "$5"; }

# section TITLE: what follows has a result of its own.
section() {
    complete=true
    printf '\n%s%s%s\n' "$BOLD" "$1" "$RESET"
}

# check TOOL MINIMUM HOW_TO_GET COMMAND...: COMMAND prints a text with the version,
# the first number that has a dot.
check() {
    local tool=$1 minimum=$2 how=$3 found
    shift 3
    found=$("$@" 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1) || found=''
    if ! command -v "$1" >/dev/null || [[ -z $found ]]; then
        complete=false
        row "$RED" "$tool" ">= $minimum" missing "$how"
    elif ! version_at_least "$found" "$minimum"; then
        complete=false
        row "$RED" "$tool" ">= $minimum" "$found" "$how"
    else
        row '' "$tool" ">= $minimum" "$found" ok
    fi
}

setup='make dev-up installs it'
row "$BOLD" TOOL NEEDED FOUND 'HOW TO GET IT'
section "In any case"
check git 2.30 'apt-get install git' git --version
check make 4.3 'apt-get install make' make --version
check bash 5.1 'apt-get install bash' bash --version
check curl 7.74 'apt-get install curl' curl --version
common=$complete

section "To run it in containers (MODE=docker)"
check 'Docker Engine' "$ENGINE_MINIMUM" https://docs.docker.com/engine/install/ timeout 10 docker version --format '{{.Server.Version}}'
check Compose "$COMPOSE_MINIMUM" https://docs.docker.com/compose/install/ docker compose version --short
mapfile -t problem < <(engine_problem)
((${#problem[@]} == 0)) || printf '%s\n' "${problem[@]/#/  }"
containers=$complete

section "To run it without (MODE=native); also for make test, lint and generate, in both modes"
check python3 3.9 'apt-get install python3 python3-venv' python3 --version
check clang++-19 19 'apt-get install clang-19' clang++-19 --version
check ld.lld-19 19 'apt-get install lld-19' ld.lld-19 --version
check cmake 3.25 'apt-get install cmake' cmake --version
check ninja 1.11 'apt-get install ninja-build' ninja --version
check ccache 4.7 'apt-get install ccache' ccache --version
check supervisord 4.2 'apt-get install supervisor' supervisord --version
check psql 15 'apt-get install postgresql-client' psql --version
check ss 5.10 'apt-get install iproute2' ss --version
[[ ! -x $TOOLS_DIR/node/bin/node ]] || PATH=$TOOLS_DIR/node/bin:$PATH
check node "$NODE_MINIMUM" "$setup" node --version
check npm 10 "$setup" npm --version
check traefik 3.7 "$setup" "$TOOLS_DIR/venv/bin/traefik" version
check postgres 15 "$setup" "$(_embedded_or_system 2>/dev/null || true)/postgres" --version
check clang-format 19 'apt-get install clang-format-19 (make lint)' clang-format-19 --version
check clang-tidy 19 'apt-get install clang-tidy-19 (make lint)' clang-tidy-19 --version
check shellcheck 0.9 'apt-get install shellcheck (make lint)' shellcheck --version
check promtool 2.42 'apt-get install prometheus (make lint, make monitoring-up)' promtool --version
check amtool 0.25 'apt-get install prometheus-alertmanager (the same)' amtool --version
check chromium 120 'apt-get install chromium (make test)' chromium --version

mapfile -t lists < <(package_lists test)
mapfile -t missing < <(missing_packages "${lists[@]}")
if ((${#missing[@]} > 0)); then
    complete=false
    warn "Debian packages that are not installed: ${missing[*]}"
fi
native=$complete

printf '\n'
$common || die "something is missing that both modes need" "it is marked in the first part of the list"
if $native && $containers; then
    ok "Everything is there"
elif $native; then
    ok "Everything is there but containers, which MODE=native does without"
elif $containers; then
    ok "Everything is there for containers; make test, lint and generate install the rest (Debian 12, as root)"
else
    die "something is missing, both for containers and for native mode" \
        "make dev-up and make test install what native mode needs (Debian 12, as root)"
fi
