# The rest of a cluster for `make k8s-check`, and deployments to it. The controllers and the scheduler are Kubernetes' own.
# kwok simulates the nodes, so a pod is ready as soon as it is scheduled. A loop simulates the cloud's load balancer and
# secrets. Sourced, never run; uses apiserver.sh.
# shellcheck shell=bash

# _part NAME COMMAND...: starts a part of the cluster, which ends with the script.
_part() {
    "${@:2}" >"$LOG_DIR/$1.log" 2>&1 9>&- &
    CLUSTER_PIDS+=("$!")
}

# _stages: prints kwok's arguments for its own stages, by which nodes and pods succeed at once.
_stages() {
    local package stages=$RUN_DIR/stages
    package=$(package_names "$K8S_DIR/apiserver/go-tools.txt")
    rm -rf "$stages"
    ensure_go
    module_files "$stages" "${package%%/cmd/*}@${package##*@}" 'kustomize/stage/node/fast/node-*.yaml' 'kustomize/stage/pod/fast/pod-*.yaml'
    printf -- '--config=%s\n' "$stages"/*.yaml
}

# start_cluster: starts the controllers, the scheduler, and a simulated node in each of three zones.
start_cluster() {
    local zone stages
    mapfile -t stages < <(_stages)
    CLUSTER_PIDS=()
    on_exit stop_cluster
    _part controllers kube-controller-manager --kubeconfig="$KUBECONFIG" --leader-elect=false --secure-port=0 \
        --root-ca-file="$RUN_DIR/keys/apiserver.crt" --service-account-private-key-file="$RUN_DIR/keys/accounts.key"
    _part scheduler kube-scheduler --kubeconfig="$KUBECONFIG" --leader-elect=false --secure-port=0
    _part kwok kwok --kubeconfig="$KUBECONFIG" --manage-all-nodes --node-lease-duration-seconds=40 "${stages[@]}"
    _part cloud _cloud
    for zone in a b c; do
        kubectl create --filename=- >/dev/null <<YAML
apiVersion: v1
kind: Node
metadata:
  name: node-$zone
  labels: { kubernetes.io/hostname: node-$zone, topology.kubernetes.io/zone: us-central1-$zone }
status:
  allocatable: &size { cpu: '4', memory: 16Gi, pods: '110' }
  capacity: *size
YAML
    done
    kubectl wait node --all --for=condition=Ready --timeout=60s >/dev/null || die "the nodes do not become ready" "see $LOG_DIR/kwok.log"
    ok "Controllers, a scheduler, and three simulated nodes"
}

stop_cluster() {
    kill -KILL "${CLUSTER_PIDS[@]}" 2>/dev/null || true
    wait "${CLUSTER_PIDS[@]}" 2>/dev/null || true
}

# _cloud: reports success for the resources of Google's cloud: the secret and the load balancer.
_cloud() {
    local namespace succeeded='{"status": {"conditions": [{"type": "%s", "status": "True", "reason": "Played",
        "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}'
    while sleep 0.5; do
        for namespace in mlp-staging mlp-production; do
            # shellcheck disable=SC2059 # the format is the variable above
            kubectl --namespace="$namespace" patch externalsecret/database --subresource=status --type=merge \
                --patch="$(printf "$succeeded" Ready)" || true
            # shellcheck disable=SC2059
            kubectl --namespace="$namespace" patch gateway/edge --subresource=status --type=merge \
                --patch="$(printf "$succeeded" Programmed)" || true
        done
    done
}

# start_door: starts a fake platform that always passes the smoke test. Nothing listens on $SHUT_URL.
start_door() {
    choose_free_ports DOOR_PORT SHUT_PORT
    SHUT_URL=http://127.0.0.1:$SHUT_PORT
    _part door python3 "$REPO/tests/kubernetes/door.py" "$DOOR_PORT" "$REPO/scripts/smoke.sh"
}

# deploy OVERLAY RELEASE [SETTING=VALUE...]: runs scripts/deploy.sh on this cluster, from the tree TREE if that is set.
deploy() {
    write_example_images "$RUN_DIR/release" "$2"
    env ASSUME_YES=1 IMAGES_FILE="$RUN_DIR/release" KUBE_CONTEXT=check BASE_URL="http://127.0.0.1:$DOOR_PORT" SMOKE_SECONDS=2 \
        GCP_PROJECT=example DOMAIN=www.example.org DATABASE_CONNECTION=example:region:instance \
        "${@:3}" "${TREE:-$REPO}/scripts/deploy.sh" "$1"
}

# deploy_in_vain OVERLAY RELEASE [SETTING=VALUE...]: the deployment must fail.
deploy_in_vain() {
    if deploy "$@"; then return 1; fi
}

# rolls_back TITLE RELEASE: a release to staging runs but does not answer, so deploy.sh must roll it back. The previous
# release would also run if nothing had been deployed, so the last line of the log must name the reason.
rolls_back() {
    run_step "$1" "deploy-$2" deploy_in_vain staging "$2" ROLLBACK=1 BASE_URL="$SHUT_URL"
    grep --quiet 'does not answer as it should; rolled back$' "$LOG_DIR/deploy-$2.log" ||
        die "release $2 fails for another reason" "see $LOG_DIR/deploy-$2.log"
}

# make_larger_tree: copies the tree to $LARGER_TREE; its API has one more variable, its namespace one more policy.
make_larger_tree() {
    local base=$LARGER_TREE/infrastructure/kubernetes/base
    rm -rf "$LARGER_TREE"
    mkdir -p "$LARGER_TREE/.run"
    cp -R "$REPO"/{scripts,infrastructure} "$LARGER_TREE/"
    ln -s "$TOOLS_DIR" "$LARGER_TREE/.run/tools"
    sed -i '/- name: DATABASE_URL_FILE/i \            - { name: MORE, value: "1" }' "$base/api.yaml"
    cat >>"$base/network-policies.yaml" <<'YAML'
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: more }
spec: { podSelector: {}, policyTypes: [Ingress] }
YAML
}

# staging_has NAMES: staging must have both additions ("MORE more") or none ("").
staging_has() {
    local found
    found=$(kubectl --namespace=mlp-staging get deployment/api --output='jsonpath={.spec.template.spec.containers[*].env[?(@.name=="MORE")].name}' &&
        kubectl --namespace=mlp-staging get networkpolicy more --ignore-not-found --output='jsonpath= {.metadata.name}') || return
    [[ $found == "$1" ]] || die "staging should have '$1', but has '$found'"
}

# check_manifests_back: a rollback also removes the objects and variables that the release added.
check_manifests_back() {
    LARGER_TREE=$RUN_DIR/larger
    make_larger_tree
    TREE=$LARGER_TREE run_step "Release 4, with a variable and a policy more" deploy-4 deploy staging 4
    staging_has "MORE more"
    rolls_back "Release 5 without these, which does not answer, is rolled back" 5
    runs mlp-staging 4
    staging_has "MORE more"
    run_step "Release 6 without these" deploy-6 deploy staging 6
    runs mlp-staging 6
    staging_has ""
}

# pods NAMESPACE TRACK: prints "NAME RELEASE NODE" for each pod of our services that is not terminating.
pods() {
    kubectl --namespace="$1" get pods --selector="track=$2" --output=json | python3 -c '
import json, sys
for pod in json.load(sys.stdin)["items"]:
    if "deletionTimestamp" not in pod["metadata"]:
        image = pod["spec"]["containers"][0]["image"]
        print(pod["metadata"]["labels"]["app.kubernetes.io/name"], int(image[-64:]), pod["spec"].get("nodeName"))'
}

# runs NAMESPACE RELEASE: exactly two pods of each service must run the release, on two nodes.
runs() {
    wait_until 30 _runs "$@" && return
    die "release $2 does not run in $1 with two pods of each service; the pods (SERVICE RELEASE NODE):" "$(pods "$1" stable)"
}
_runs() {
    local found two_of_each="api $2 api $2 dash $2 dash $2 react $2 react $2"
    found=$(pods "$1" stable | sort)
    [[ $(cut -d ' ' -f 1,2 <<<"$found" | paste -sd ' ') == "$two_of_each" ]] || return
    # --unique merges two pods on the same node into one line.
    [[ $(sort --unique <<<"$found" | cut -d ' ' -f 1,2 | paste -sd ' ') == "$two_of_each" ]]
}

# canary_is RELEASE WEIGHTS: the canary must run RELEASE ("": no canary), and the routes have these weights.
canary_is() {
    local release weights
    release=$(pods mlp-production canary | cut -d ' ' -f 1,2 | paste -sd ' ')
    weights=$(kubectl --namespace=mlp-production get httproute "${DEPLOYMENTS[@]}" --output='jsonpath={.items[*].spec.rules[-1].backendRefs[*].weight}')
    [[ $release == "${1:+api $1 dash $1 react $1}" && $weights == "$2 $2 $2" ]] ||
        die "the canary has the wrong release or weights" "pods: ${release:-none}" "weights: $weights"
}

# check_missing_type: without the Gateway API's types Traefik would be ready but route nothing, so deploy.sh must refuse.
check_missing_type() {
    kubectl delete crd grpcroutes.gateway.networking.k8s.io >/dev/null
    run_step "A cluster without GRPCRoute is refused" deploy-refused deploy_in_vain staging 1
    grep --quiet 'the cluster does not know: gateway.networking.k8s.io/v1 GRPCRoute$' "$LOG_DIR/deploy-refused.log" ||
        die "deploy.sh refuses for another reason" "see $LOG_DIR/deploy-refused.log"
    kubectl apply --server-side --filename "$K8S_TOOLS/crds/gateway-api" >/dev/null
    kubectl wait crd --all --for=condition=Established --timeout=60s >/dev/null
}

# check_deployments: scripts/deploy.sh deploys a first release, rolls back bad ones, and tries a canary.
check_deployments() {
    rm -rf "$RUN_DIR/deploy"
    start_cluster
    start_door
    run_step "Removing what was applied" forget-overlays kubectl delete namespace mlp-local mlp-staging mlp-production
    check_missing_type
    run_step "Deploying release 1 to staging, where nothing runs" deploy-1 deploy staging 1
    runs mlp-staging 1
    run_step "Release 2 replaces it" deploy-2 deploy staging 2
    runs mlp-staging 2
    rolls_back "Release 3, which does not answer, is rolled back" 3
    runs mlp-staging 2
    check_manifests_back
    run_step "A node is drained as the budgets allow" drain kubectl drain node-a --ignore-daemonsets --delete-emptydir-data --timeout=120s
    kubectl uncordon node-a >/dev/null
    run_step "Deploying release 2 to production, a first one: no canary" deploy-production deploy production 2 CANARY=1
    runs mlp-production 2
    run_step "Release 4 as a canary" deploy-canary deploy production 4 CANARY=1
    canary_is 4 "90 10"
    run_step "BACK=1 takes the canary back" back-canary deploy production 4 BACK=1
    canary_is "" "100 0"
    runs mlp-production 2
    run_step "Release 4 as a canary again" deploy-canary-again deploy production 4 CANARY=1
    run_step "Release 4 to all" deploy-production-4 deploy production 4
    canary_is "" "100 0"
    runs mlp-production 4
    run_step "BACK=1 takes both back as one" back-production deploy production 4 BACK=1
    runs mlp-production 2
}
