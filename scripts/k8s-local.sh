#!/usr/bin/env bash
# The platform in Kubernetes on this machine: a cluster in a container (kind), with the images built here.
#
# usage: make k8s-local-up     makes the cluster if there is none, loads the images, deploys, prints the address
#        make k8s-local-down   removes the cluster and everything in it, the database too
# It needs a container engine with two CPUs and 4 GB of memory, kind and kubectl, and the images: make build MODE=docker.

source "$(dirname "$0")/lib/common.sh"
source "$REPO/scripts/lib/setup.sh"
source "$REPO/scripts/lib/images.sh"
source "$REPO/scripts/lib/kubernetes.sh"
case ${1:-} in
    -h | --help | '') show_help && exit 0 ;;
    up | down) action=$1 ;;
    *) die "unknown argument: $1" "see: $0 --help" ;;
esac
CLUSTER=mlp

for program in docker kind kubectl; do
    command -v "$program" >/dev/null || die "$program is not installed" \
        "docker: https://docs.docker.com/engine/install/" "kind: https://kind.sigs.k8s.io/" \
        "kubectl: https://kubernetes.io/docs/tasks/tools/" "without them: make dev-up MODE=native"
done
docker info >/dev/null 2>&1 || die "no container engine answers" "start it, or use: make dev-up MODE=native"

exists() { kind get clusters 2>/dev/null | grep -qx "$CLUSTER"; }

if [[ $action == down ]]; then
    ! exists || run_step "Removing the cluster" kind-delete kind delete cluster --name "$CLUSTER"
    ok "There is no cluster $CLUSTER"
    exit 0
fi

# The pods ask for what two CPUs have (overlays/local); with less some would wait for ever. Of 4 GB an engine in a machine of its
# own sees some less.
read -r cpus memory < <(docker info --format '{{.NCPU}} {{.MemTotal}}') || true
more="give it more (Docker Desktop: Settings, Resources), or: make dev-up"
if [[ $cpus =~ ^[0-9]+$ && $memory =~ ^[0-9]+$ ]]; then
    memory=$((memory / 1024 / 1024))
    ((cpus >= 2)) || die "the container engine has $cpus CPU; the cluster needs 2" "$more"
    ((memory >= 3500)) || die "the container engine has $memory MiB of memory; the cluster needs 4 GB" "$more"
fi

# Each image gets a tag of its content: a changed image is a new release, and one can go back to the one before.
images=$RUN_DIR/deploy/local-images
mkdir -p "${images%/*}"
: >"$images"
tagged=()
for image in "${IMAGES[@]}"; do
    id=$(docker image inspect --format='{{.Id}}' "$image:${IMAGE_TAG:-dev}" 2>/dev/null) ||
        die "there is no image $image:${IMAGE_TAG:-dev}" "make build MODE=docker"
    id=${id#sha256:}
    docker tag "$image:${IMAGE_TAG:-dev}" "$image:${id:0:12}"
    printf '%s=%s:%s\n' "$image" "$image" "${id:0:12}" >>"$images"
    tagged+=("$image:${id:0:12}")
done
exists || run_step "Making the cluster" kind-create \
    kind create cluster --name "$CLUSTER" --config "$K8S_DIR/overlays/local/kind.yaml" --wait 180s
run_step "Loading the images" kind-load kind load docker-image --name "$CLUSTER" "${tagged[@]}"
with_setup_lock ensure_crds
run_step "Installing the Gateway API" gateway-api \
    kubectl --context="kind-$CLUSTER" apply --server-side --filename "$K8S_TOOLS/crds/gateway-api"
IMAGES_FILE=$images "$REPO/scripts/deploy.sh" local
kubectl="kubectl --context=kind-$CLUSTER --namespace=mlp-local"
printf '%s\n' "To look into it, Grafana at http://localhost:3001, as admin with the password that the second line prints:" \
    "  $kubectl port-forward service/grafana 3001:3000" \
    "  $kubectl get secret grafana --template='{{ .data.password | base64decode }}'"
