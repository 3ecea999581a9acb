#!/usr/bin/env bash
# Builds Jaeger from its Go module into .run/tools/bin, where `make monitoring-up` finds it. The
# first build takes some minutes.
#
# usage: infrastructure/jaeger/install.sh
#
# This build has no web pages, because another build system makes them for Jaeger's releases.
# Grafana shows the traces. If PATH has a release of Jaeger 2 as `jaeger`, that one is used instead.

source "$(dirname "$0")/../../scripts/lib/platform.sh"
no_arguments "$@"

# go.mod names the version, go.sum the checksum of every module; neither is changed here.
build_jaeger() {
    cd "$REPO/infrastructure/jaeger" || return
    GOTOOLCHAIN=local CGO_ENABLED=0 "$GO" build -mod=readonly -trimpath -ldflags='-s -w' \
        -o "$TOOLS_DIR/bin/jaeger" github.com/jaegertracing/jaeger/cmd/jaeger
}

install_jaeger() {
    local key
    key=$(hash_of "$REPO"/infrastructure/jaeger/go.{mod,sum})
    if [[ ! -x $TOOLS_DIR/bin/jaeger ]] || ! up_to_date "$TOOLS_DIR/jaeger.stamp" "$key"; then
        with_setup_lock ensure_go
        run_step "Building Jaeger" jaeger-build build_jaeger
        record "$TOOLS_DIR/jaeger.stamp" "$key"
    fi
}

# A lock of its own: others install and build meanwhile.
mkdir -p "$REPO/.run"
exec 6>>"$REPO/.run/jaeger.lock"
flock 6
install_jaeger
ok "Jaeger is in $TOOLS_DIR/bin; make monitoring-up starts it"
