#!/usr/bin/env bash
# Gives a Debian machine a Docker engine with BuildKit and Compose, for the tests of the container
# path on machines that have none. Where an engine answers already, that one is used and left alone.
#
# usage: tests/containers/engine.sh [start|stop|status]
#   start   installs Debian's packages where they are missing (as root) and starts dockerd (default)
#   stop    stops the dockerd that `start` started, and no other
#   status  says which engine answers
#
# Debian 12's own packages are too old for Compose v2, so on Debian 12 they come from Debian 13,
# pinned so low that nothing else does.
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

# our_dockerd: the process id of the dockerd that `start` started; fails when it does not run.
our_dockerd() {
    local pid
    pid=$(cat "$PID_FILE" 2>/dev/null) || return 1
    # The name tells it from a process that got its id after a reboot.
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

# run_dockerd: through systemd where that runs, since Debian's package then belongs to it.
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
