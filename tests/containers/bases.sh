#!/usr/bin/env bash
# Builds stand-ins for the base images of the project's Dockerfiles, for machines that reach Debian's
# packages but no image registry. They have the names of the real images, so the Dockerfiles need no change.
#
# usage: tests/containers/bases.sh
#
#   debian:bookworm-slim     a minimal Debian 12 by mmdebstrap
#   node:20-bookworm-slim    the same with Node.js and npm of this machine
#
# Images that the engine already has are kept. .run/containers/ keeps Debian's files, so only the first run
# downloads them; `make clean` removes them.
#   REBUILD=1  builds the stand-ins again, with newer packages

source "$(dirname "$0")/common.sh"
no_arguments "$@"

DEBIAN_IMAGE=debian:bookworm-slim
NODE_IMAGE=node:20-bookworm-slim
DEBIAN_TAR=$CONTAINERS_DIR/bookworm.tar
# This machine's certificate authorities: behind a TLS-inspecting proxy, npm in the image must trust the proxy.
HOST_AUTHORITIES=/etc/ssl/certs/ca-certificates.crt
AUTHORITIES_IN_IMAGE=/usr/local/share/host-authorities.crt

ensure_mmdebstrap() {
    command -v mmdebstrap >/dev/null && return 0
    ((EUID == 0)) || die "mmdebstrap is missing, and only root can install it" \
        "sudo apt-get install --yes mmdebstrap"
    run_step "Installing mmdebstrap" bases-apt _apt_install mmdebstrap
}

make_debian_tar() {
    local mirror
    mirror=$(debian_mirror)
    # Written under another name first, so that an interrupted run leaves no incomplete file.
    mmdebstrap --variant=minbase --include=ca-certificates bookworm "$DEBIAN_TAR.new.tar" \
        "deb $mirror bookworm main" "deb $mirror bookworm-updates main" \
        "deb $mirror-security bookworm-security main"
    mv "$DEBIAN_TAR.new.tar" "$DEBIAN_TAR"
}

import_debian() {
    docker import --change 'CMD ["bash"]' --message "stand-in from Debian packages" \
        "$DEBIAN_TAR" "$DEBIAN_IMAGE"
}

# The layout of the real image: /usr/local/bin/node, and npm below /usr/local/lib/node_modules.
make_node_image() {
    local context=$CONTAINERS_DIR/node npm
    npm=$(dirname "$(dirname "$(readlink -f "$(npm_cli)")")")
    rm -rf "$context"
    mkdir -p "$context/usr/local/bin" "$context/usr/local/lib/node_modules" \
        "$context$(dirname "$AUTHORITIES_IN_IMAGE")"
    cp "$(readlink -f "$(command -v node)")" "$context/usr/local/bin/node"
    cp -R "$npm" "$context/usr/local/lib/node_modules/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$context/usr/local/bin/npm"
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$context/usr/local/bin/npx"
    cp "$HOST_AUTHORITIES" "$context$AUTHORITIES_IN_IMAGE"
    docker build --tag "$NODE_IMAGE" --file - "$context" <<DOCKERFILE
FROM $DEBIAN_IMAGE
RUN useradd --uid 1000 --user-group --create-home --shell /bin/bash node
COPY . /
ENV NODE_EXTRA_CA_CERTS=$AUTHORITIES_IN_IMAGE NPM_CONFIG_CAFILE=$AUTHORITIES_IN_IMAGE
RUN node --version && npm --version
CMD ["node"]
DOCKERFILE
}

# npm_cli: prints the file that `npm` starts, even if `npm` is a wrapper script.
npm_cli() {
    local root
    root=$(npm root --global)
    [[ -e $root/npm/bin/npm-cli.js ]] || die "npm's own files are not in $root"
    printf '%s' "$root/npm/bin/npm-cli.js"
}

"$REPO/tests/containers/engine.sh" start
if wanted "$DEBIAN_IMAGE"; then
    if [[ ! -s $DEBIAN_TAR || -n ${REBUILD:-} ]]; then
        ensure_mmdebstrap
        run_step "Making a minimal Debian 12" bases-debian make_debian_tar
    fi
    run_step "Importing $DEBIAN_IMAGE" bases-import import_debian
fi
if wanted "$NODE_IMAGE"; then
    ensure_node
    run_step "Building $NODE_IMAGE" bases-node make_node_image
fi
for image in "$DEBIAN_IMAGE" "$NODE_IMAGE"; do
    ok "$image: $(docker image inspect --format '{{.Comment}}{{if not .Comment}}{{.Created}}{{end}}' "$image")"
done
