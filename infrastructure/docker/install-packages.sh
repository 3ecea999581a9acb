#!/bin/bash
# Installs the Debian packages of the given lists, in a Dockerfile's build stage. Native mode uses the same
# lists, so both build with the same compiler and the same libraries.
#
# usage: install-packages.sh LIST...
set -euo pipefail

# Debian's images delete downloaded packages after the installation. Here a cache mount keeps them.
rm -f /etc/apt/apt.conf.d/docker-clean
export DEBIAN_FRONTEND=noninteractive
apt-get update
# shellcheck source=scripts/lib/packages.sh
source "$(dirname "$0")/packages.sh"
mapfile -t names < <(package_names "$@")
apt-get install --yes --no-install-recommends -- "${names[@]}"
