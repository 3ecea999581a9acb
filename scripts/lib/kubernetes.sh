# Kubernetes: renders an overlay as a deployment does, and fetches the types that Kubernetes itself lacks. Sourced, never run.
# shellcheck shell=bash

K8S_DIR=$REPO/infrastructure/kubernetes
K8S_TOOLS=$TOOLS_DIR/kubernetes
# shellcheck disable=SC2034 # for whoever sources this
OVERLAYS=(local staging-lite staging production)

# kustomize_build DIRECTORY: with the kustomize of the checks where it is, else with the one in kubectl.
kustomize_build() {
    if [[ -x $K8S_TOOLS/bin/kustomize ]]; then
        "$K8S_TOOLS/bin/kustomize" build "$1"
    elif command -v kubectl >/dev/null; then
        kubectl kustomize "$1"
    else
        die "neither kubectl nor kustomize is here" \
            "install kubectl 1.30 or newer: https://kubernetes.io/docs/tasks/tools/" "or, to look only: make k8s-lint"
    fi
}

# fact OVERLAY NAME: what cloud.env says, unless the environment says something else.
fact() {
    if [[ -n ${!2:-} ]]; then
        printf '%s' "${!2}"
    else
        sed -n "s/^$2=//p" "$K8S_DIR/overlays/$1/cloud/cloud.env"
    fi
}

# render OVERLAY DIRECTORY IMAGES_FILE: the manifests of OVERLAY in DIRECTORY/manifests.yaml, with the facts of the
# environment and the images of the file (lines `mlp/api=REPOSITORY@sha256:...`, or a tag in local). It works on a copy: the
# tree stays as it is committed.
render() {
    local overlay=$1 directory=$2 copy=$2/infrastructure name image cloud
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -R "$REPO"/infrastructure/{kubernetes,traefik,postgres,prometheus,alertmanager,loki,alloy,jaeger,grafana} "$copy/"
    add_managed_rules "$copy/kubernetes/components/managed-prometheus"
    cloud=$copy/kubernetes/overlays/$overlay/cloud/cloud.env
    if [[ -r $cloud ]]; then
        while IFS= read -r name; do
            printf '%s=%s\n' "$name" "$(fact "$overlay" "$name")"
        done < <(sed -n 's/^\([A-Z_]*\)=.*/\1/p' "$cloud") >"$cloud.new"
        mv "$cloud.new" "$cloud"
    fi
    if [[ -s $3 ]]; then
        {
            printf '\nimages:\n'
            # The last line counts, whether it ends like the others or not.
            while IFS='=' read -r name image || [[ -n $name ]]; do
                case $image in
                    *@*) printf '  - { name: %s, newName: %s, digest: %s }\n' "$name" "${image%@*}" "${image#*@}" ;;
                    *) printf '  - { name: %s, newTag: %s }\n' "$name" "${image##*:}" ;;
                esac
            done <"$3"
        } >>"$copy/kubernetes/overlays/$overlay/kustomization.yaml"
    fi
    kustomize_build "$copy/kubernetes/overlays/$overlay" >"$directory/manifests.yaml"
}

# add_managed_rules COMPONENT: the rules and alerts of Prometheus as objects of Google's, which hold the content of each file
# as it is. kustomize cannot make one of the other, and a second copy in git would soon say something else.
add_managed_rules() {
    local file name kustomization=$1/kustomization.yaml
    for file in "$REPO"/infrastructure/prometheus/{rules,alerts}/*.yml; do
        name=${file%/*}
        name=${name##*/}-$(basename "$file" .yml)
        {
            printf '%s\n' '---' 'apiVersion: monitoring.googleapis.com/v1' 'kind: Rules' "metadata: { name: $name }" 'spec:'
            sed 's/^/  /' "$file"
        } >>"$1/rules.yaml"
    done
    awk '{ print } /^resources:$/ { print "  - rules.yaml" }' "$kustomization" >"$kustomization.new"
    mv "$kustomization.new" "$kustomization"
}

# module_files FOLDER MODULE@VERSION PATTERN...: into FOLDER, the files of a Go module that a pattern names.
module_files() {
    local pattern directory
    directory=$(GOTOOLCHAIN=local "$GO" mod download -json "$2" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    mkdir -p "$1"
    for pattern in "${@:3}"; do
        # shellcheck disable=SC2086 # the pattern is to be expanded
        install -m 0644 "$directory"/$pattern "$1/"
    done
}

_install_crds() {
    local folder module pattern
    rm -rf "$K8S_TOOLS/crds"
    while read -r folder module pattern; do
        module_files "$K8S_TOOLS/crds/$folder" "$module" "$pattern"
    done < <(grep -v '^#' "$K8S_DIR/tools/crds.txt")
    mkdir -p "$K8S_TOOLS/crds/google"
    cp "$K8S_DIR/tools/google.yaml" "$K8S_TOOLS/crds/google/"
}

# ensure_crds: the types that Kubernetes itself does not have, as files in $K8S_TOOLS/crds.
ensure_crds() {
    local key stamp=$K8S_TOOLS/crds.stamp
    key=$(hash_of "$K8S_DIR"/tools/{crds.txt,google.yaml})
    if [[ -d $K8S_TOOLS/crds ]] && up_to_date "$stamp" "$key"; then return; fi
    ensure_go
    run_step "Fetching types of objects" kubernetes-crds _install_crds
    record "$stamp" "$key"
}
