#!/usr/bin/env bash
# Applies every overlay to a real API server of Kubernetes with etcd, on this machine: it judges types, defaults, the Pod
# Security standard and the rules that come with custom resources as a cluster would. Then the gateway: Traefik reads the
# routes from it with exactly the rights that the manifests give. At last releases: with Kubernetes' own controllers and
# scheduler, and nodes that are played, scripts/deploy.sh deploys, goes back from a bad release, and tries a canary.
#
# usage: make k8s-check
# The programs are built once, from infrastructure/kubernetes/apiserver; that takes some twelve minutes of two cores.

# An instance of its own.
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
    # Now, since some rights exist once in a cluster: the next overlay takes them over.
    case $overlay in
        local) check_gateway local http://localhost/dash/ ;;
        # Browsers come by HTTPS, which the load balancer in front ends.
        production) check_gateway production https://localhost/dash/ ;;
    esac
done
check_refusals
check_rights local
check_deployments
ok "${#OVERLAYS[@]} overlays are accepted, and releases are deployed and taken back ($(elapsed "$start"))"
