#!/usr/bin/env bash
# Checks the manifests with a real API server and etcd, on this machine:
# 1. Every overlay: the API server checks types, defaults, the Pod Security standard and the validation rules of custom
#    resources, as in a cluster.
# 2. The gateway: Traefik reads the routes from the API server, with exactly the rights that the manifests give it.
# 3. Releases: with Kubernetes' own controllers and scheduler, and simulated nodes, scripts/deploy.sh deploys, rolls back
#    a bad release, and tries a canary.
#
# usage: make k8s-check
# The first run builds the programs (infrastructure/kubernetes/apiserver), which takes about twelve minutes on two cores.

# A separate instance.
RUN_DIR=$(cd "$(dirname "$0")/../.." && pwd)/.run/k8s-check
source "$(dirname "$0")/../../scripts/lib/platform.sh"
source "$REPO/scripts/lib/images.sh"
source "$REPO/scripts/lib/kubernetes.sh"
source "$REPO/tests/kubernetes/apiserver.sh"
source "$REPO/tests/kubernetes/cluster.sh"
no_arguments "$@"

start=$(microseconds)
take_lock
with_setup_lock ensure_apiserver
start_apiserver
ok "$(kubectl version | grep '^Server') answers"

run_step "Installing types of objects" crds kubectl apply --server-side --recursive --filename "$K8S_TOOLS/crds"
kubectl wait crd --all --for=condition=Established --timeout=60s >/dev/null

write_example_images "$RUN_DIR/images"
for overlay in "${OVERLAYS[@]}"; do
    mkdir -p "$RUN_DIR/$overlay"
    render "$overlay" "$RUN_DIR/$overlay" "$RUN_DIR/images"
    check_overlay "$overlay" "$RUN_DIR/$overlay/manifests.yaml"
    # Before the next overlay, which replaces the rights that exist only once in a cluster.
    case $overlay in
        local) check_gateway local http://localhost/dash/ ;;
        # Browsers use HTTPS, which the load balancer terminates.
        production) check_gateway production https://localhost/dash/ ;;
    esac
done
check_refusals
check_rights local
check_deployments
ok "${#OVERLAYS[@]} overlays are accepted, and releases are deployed and rolled back ($(elapsed "$start"))"
