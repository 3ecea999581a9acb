#!/usr/bin/env bash
# Checks the Kubernetes manifests without a cluster. It renders every overlay as a deployment does, then checks that every
# field exists and has the right type (kubeconform), and every rule of infrastructure/kubernetes/policy (conftest). The
# rules have tests with examples that break them.
#
# usage: make k8s-lint     (also a part of make lint)

source "$(dirname "$0")/../../scripts/lib/common.sh"
source "$REPO/scripts/lib/setup.sh"
source "$REPO/scripts/lib/images.sh"
source "$REPO/scripts/lib/kubernetes.sh"
no_arguments "$@"
# The release of Kubernetes' schemas; a cluster may be one release older or newer.
KUBERNETES_VERSION=1.36.0

ensure_kubernetes_tools() {
    ensure_go_tools "Building the tools for Kubernetes" "$K8S_TOOLS/bin" "$K8S_DIR/tools/go-tools.txt"
    ensure_wheels "Installing the schemas of Kubernetes" "$K8S_TOOLS/venv" "$K8S_DIR/tools/requirements.txt"
    ensure_crds
    local key
    key="$KUBERNETES_VERSION $(hash_of "$K8S_TOOLS"/{crds,venv}.stamp "$K8S_DIR/tools/schemas.py")"
    if [[ ! -d $K8S_TOOLS/schemas ]] || ! up_to_date "$K8S_TOOLS/schemas.stamp" "$key"; then
        run_step "Writing schemas" kubernetes-schemas _write_schemas
        record "$K8S_TOOLS/schemas.stamp" "$key"
    fi
}

_write_schemas() {
    rm -rf "$K8S_TOOLS/schemas"
    "$K8S_TOOLS/venv/bin/python" "$K8S_DIR/tools/schemas.py" "$KUBERNETES_VERSION" "$K8S_TOOLS/crds" "$K8S_TOOLS/schemas"
}

start=$(microseconds)
with_setup_lock ensure_kubernetes_tools
PATH=$K8S_TOOLS/bin:$PATH
WORK=$RUN_DIR/k8s-lint
mkdir -p "$WORK"
write_example_images "$WORK/images"

fits_its_type() {
    kubeconform -strict -summary -n "$(nproc)" \
        -schema-location "$K8S_TOOLS/schemas/{{.ResourceKind}}{{.KindSuffix}}.json" "$@"
}

conftest fmt --check "$K8S_DIR/policy" || die "the rules are not formatted" "$K8S_TOOLS/bin/conftest fmt infrastructure/kubernetes/policy"
conftest verify --policy "$K8S_DIR/policy" --quiet || die "a test of the rules fails" "the rules and their tests: infrastructure/kubernetes/policy"
manifests=()
for overlay in "${OVERLAYS[@]}"; do
    mkdir -p "$WORK/$overlay"
    render "$overlay" "$WORK/$overlay" "$WORK/images"
    manifests+=("$WORK/$overlay/manifests.yaml")
done
fits_its_type "${manifests[@]}" || die "a manifest does not match its schema" "the rendered overlays: $WORK"
for bad in '{apiVersion: v1, kind: Service, metadata: {name: bad}, spec: {port: 80}}' \
    '{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: bad}, spec: {rule: []}}'; do
    ! fits_its_type - <<<"$bad" >/dev/null || die "the schemas accept a field that does not exist" "$bad"
done
for file in "${manifests[@]}"; do
    # --combine: all objects of an overlay at once, because rules check how they fit together.
    conftest test --policy "$K8S_DIR/policy" --combine --parser yaml --quiet "$file" ||
        die "an overlay breaks a rule" "the rules: infrastructure/kubernetes/policy"
done
# Kustomize does not support patterns, so the files of ConfigMaps are listed manually.
for file in "$REPO"/infrastructure/{prometheus/{rules,alerts}/*.yml,grafana/dashboards/*.json}; do
    file=${file#"$REPO/infrastructure/"}
    grep -q "${file#*/}\$" "$REPO/infrastructure/${file%%/*}/kustomization.yaml" ||
        die "infrastructure/$file is not in infrastructure/${file%%/*}/kustomization.yaml, so it would not reach the cluster" "add it there"
done
ok "${#manifests[@]} overlays match Kubernetes $KUBERNETES_VERSION and the rules ($(elapsed "$start"))"
