# Common functions of the scripts in this directory. Sourced, never run.
# shellcheck shell=bash

source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/platform.sh"

# Their downloads and builds; `make clean` removes them.
CONTAINERS_DIR=$REPO/.run/containers
export CONTAINERS_DIR
mkdir -p "$CONTAINERS_DIR"

have_image() { docker image inspect "$1" >/dev/null 2>&1; }

# wanted IMAGE: true if a stand-in for it must be built.
wanted() { [[ -n ${REBUILD:-} ]] || ! have_image "$1"; }

# debian_mirror: prints this machine's Debian mirror.
debian_mirror() {
    local mirror
    mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
    [[ -n $mirror ]] || die "/etc/apt/sources.list.d/debian.sources names no mirror" \
        "this needs Debian 12 or newer, with its sources in that file"
    printf '%s' "$mirror"
}
