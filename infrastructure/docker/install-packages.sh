#!/bin/bash
# Installs the Debian packages that the given lists name, in a Dockerfile's build stage: those of
# native mode, so that both build with the same compiler and the same libraries.
#
# usage: install-packages.sh LIST...
set -euo pipefail

# Debian's images delete each package after its installation; here a cache mount keeps them.
rm -f /etc/apt/apt.conf.d/docker-clean
mapfile -t names < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' -- "$@" | sort -u)
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends -- "${names[@]}"
