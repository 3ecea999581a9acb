#!/usr/bin/env bash
# Installs and starts a Docker engine with BuildKit and Compose on a Debian machine that has none, for the
# tests of the container mode. If an engine already answers, it is used unchanged.
#
# usage: tests/containers/engine.sh [start|stop|status]
#   start   installs missing Debian packages (as root) and starts dockerd (default)
#   stop    stops only the dockerd that `start` started
#   status  says which engine answers
#
# Debian 12 has no Compose v2, so there the packages come from Debian 13. A low pin priority keeps all other
# packages at Debian 12.
#   ENGINE_TIMEOUT  seconds that dockerd has to answer (60)

source "$(dirname "$0")/common.sh"

PID_FILE=$CONTAINERS_DIR/dockerd.pid
DOCKERD_LOG=$CONTAINERS_DIR/dockerd.log
PACKAGES=(docker.io docker-cli docker-buildx docker-compose)
NEWER_SOURCES=/etc/apt/sources.list.d/mlp-trixie.sources
NEWER_PIN=/etc/apt/preferences.d/mlp-trixie

engine_answers() { timeout 5 docker info >/dev/null 2>&1; }
plugins_answer() {
    docker buildx version >/dev/null 2>&1 && docker compose version >/dev/null 2>&1
}

# our_dockerd: prints the process id of the dockerd that `start` started; fails if it does not run.
our_dockerd() {
    local pid
    pid=$(cat "$PID_FILE" 2>/dev/null) || return 1
    # Check the name, because after a reboot another process may have the id.
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]] || return 1
    printf '%s' "$pid"
}

use_newer_debian() {
    local mirror
    mirror=$(debian_mirror)
    cat >"$NEWER_SOURCES" <<SOURCES
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' >"$NEWER_PIN"
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    local apt=(apt-get -o DPkg::Lock::Timeout=300) names=("${PACKAGES[@]}") codename
    codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    if [[ $codename == bookworm ]]; then
        use_newer_debian
        names=("${PACKAGES[@]/%//trixie}")
    fi
    "${apt[@]}" update
    "${apt[@]}" install --yes --no-install-recommends "${names[@]}" iptables ca-certificates
}

ensure_installed() {
    command -v dockerd >/dev/null && command -v docker >/dev/null && plugins_answer && return 0
    command -v apt-get >/dev/null || die "no Docker engine answers, and only Debian's can be installed" \
        "install Docker Engine 25 or newer with buildx and compose, then try again"
    ((EUID == 0)) || die "no Docker engine answers, and only root can install one" "sudo $0 start"
    run_step "Installing Docker from Debian" engine-install install_packages
    hash -r
    plugins_answer || die "docker finds no buildx or compose plugin" \
        "an older client may come first in PATH: $(command -v docker)"
}

# run_dockerd: uses systemd if it is running, because Debian's package installs a unit.
run_dockerd() {
    if [[ -d /run/systemd/system ]]; then
        systemctl start docker
    elif ! our_dockerd >/dev/null; then
        setsid dockerd --pidfile "$PID_FILE" >"$DOCKERD_LOG" 2>&1 </dev/null &
    fi
}

start_engine() {
    if ! engine_answers; then
        ensure_installed
        ((EUID == 0)) || die "dockerd must be started by root" "sudo $0 start"
        run_dockerd
        local deadline=$((SECONDS + ${ENGINE_TIMEOUT:-60}))
        until engine_answers; do
            ((SECONDS < deadline)) || die "dockerd does not answer" "its log: $DOCKERD_LOG" \
                "$(tail -n 5 "$DOCKERD_LOG" 2>/dev/null)"
            sleep 0.5
        done
    fi
    plugins_answer || ensure_installed
    print_status
}

print_status() {
    engine_answers || die "no Docker engine answers" "start one with: $0 start"
    ok "Docker engine $(docker version --format '{{.Server.Version}}')," \
        "buildx $(docker buildx version | awk '{ print $2 }')," \
        "compose $(docker compose version --short)"
    if our_dockerd >/dev/null; then
        info "  started by this script as process $(our_dockerd); log: $DOCKERD_LOG"
    fi
}

stop_engine() {
    local pid
    pid=$(our_dockerd) || { info "No dockerd of ours runs" && return 0; }
    kill -TERM "$pid"
    timeout 30 tail --pid="$pid" -f /dev/null || die "dockerd (process $pid) does not stop"
    rm -f "$PID_FILE"
    ok "dockerd is stopped; images and volumes stay in /var/lib/docker"
}

case ${1:-start} in
    -h | --help) show_help ;;
    start) start_engine ;;
    stop) stop_engine ;;
    status) print_status ;;
    *) die "unknown argument: $1" "see: $0 --help" ;;
esac
