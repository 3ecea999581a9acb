# A real API server for `make k8s-check`: builds it, starts it, and runs the checks against it. Sourced, never run.
# shellcheck shell=bash

APISERVER_BIN=$TOOLS_DIR/apiserver KWOK_BIN=$TOOLS_DIR/kwok
# The Services get loopback addresses, so that check_gateway can listen on them.
SERVICE_RANGE=127.96.0.0/16
export KUBECONFIG=$RUN_DIR/kubeconfig

_build_apiserver() {
    local version
    cd "$K8S_DIR/apiserver" || return
    mkdir -p "$APISERVER_BIN"
    version=$(sed -n 's|^\tk8s.io/kubernetes \(v[0-9.]*\).*|\1|p' go.mod)
    # With low priority, because it takes minutes.
    GOTOOLCHAIN=local CGO_ENABLED=0 nice "$GO" build -trimpath -o "$APISERVER_BIN/" \
        -ldflags="-s -w -X k8s.io/component-base/version.gitVersion=$version" \
        k8s.io/kubernetes/cmd/kube-{apiserver,controller-manager,scheduler} k8s.io/kubernetes/cmd/kubectl \
        go.etcd.io/etcd/server/v3
    mv "$APISERVER_BIN/server" "$APISERVER_BIN/etcd"
}

# ensure_apiserver: builds Kubernetes' control plane, kubectl and kwok, and puts them first on PATH; gets the custom
# resource definitions and Traefik.
ensure_apiserver() {
    local key
    key=$(hash_of "$K8S_DIR"/apiserver/go.{mod,sum})
    if [[ ! -x $APISERVER_BIN/etcd ]] || ! up_to_date "$APISERVER_BIN.stamp" "$key"; then
        ensure_go
        run_step "Building Kubernetes' control plane" apiserver-build _build_apiserver
        record "$APISERVER_BIN.stamp" "$key"
    fi
    ensure_go_tools "Building kwok" "$KWOK_BIN" "$K8S_DIR/apiserver/go-tools.txt"
    ensure_crds
    ensure_gateway
    PATH=$APISERVER_BIN:$KWOK_BIN:$PATH
}

# start_apiserver: starts etcd and the API server on free ports; both end with the script.
start_apiserver() {
    local token data=$RUN_DIR/etcd keys=$RUN_DIR/keys
    choose_free_ports ETCD_PORT ETCD_PEER_PORT APISERVER_PORT
    rm -rf "$data" "$keys"
    mkdir -p "$LOG_DIR"
    (umask 077 && mkdir -p "$keys" && openssl genrsa -out "$keys/accounts.key" 2048 2>/dev/null)
    token=$(openssl rand -hex 24)
    (umask 077 && printf '%s,admin,admin,system:masters\n' "$token" >"$keys/tokens.csv")
    on_exit stop_apiserver
    etcd --data-dir="$data" --log-level=warn --unsafe-no-fsync \
        --listen-client-urls="http://127.0.0.1:$ETCD_PORT" --advertise-client-urls="http://127.0.0.1:$ETCD_PORT" \
        --listen-peer-urls="http://127.0.0.1:$ETCD_PEER_PORT" \
        --initial-advertise-peer-urls="http://127.0.0.1:$ETCD_PEER_PORT" \
        --initial-cluster="default=http://127.0.0.1:$ETCD_PEER_PORT" >"$LOG_DIR/etcd.log" 2>&1 9>&- &
    ETCD_PID=$!
    kube-apiserver --etcd-servers="http://127.0.0.1:$ETCD_PORT" --bind-address=127.0.0.1 --secure-port="$APISERVER_PORT" \
        --cert-dir="$keys" --token-auth-file="$keys/tokens.csv" --authorization-mode=RBAC \
        --service-cluster-ip-range="$SERVICE_RANGE" --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file="$keys/accounts.key" --service-account-signing-key-file="$keys/accounts.key" \
        >"$LOG_DIR/apiserver.log" 2>&1 9>&- &
    APISERVER_PID=$!
    (umask 077 && cat >"$KUBECONFIG") <<YAML
apiVersion: v1
kind: Config
current-context: check
clusters: [{ name: check, cluster: { server: 'https://127.0.0.1:$APISERVER_PORT', certificate-authority: $keys/apiserver.crt } }]
users: [{ name: admin, user: { token: $token } }]
contexts: [{ name: check, context: { cluster: check, user: admin } }]
YAML
    wait_until 90 apiserver_ready || die "the API server does not start" "its log: $LOG_DIR/apiserver.log"
}

apiserver_ready() { kubectl get --raw /readyz >/dev/null 2>&1; }

# Kills them: an orderly stop would wait for clients, and the data is not needed.
stop_apiserver() {
    kill -KILL "$APISERVER_PID" "$ETCD_PID" 2>/dev/null || true
    wait "$APISERVER_PID" "$ETCD_PID" 2>/dev/null || true
    rm -rf "$RUN_DIR"/{etcd,keys,kubeconfig}
}

# check_overlay NAME MANIFESTS: applies them twice. Unknown fields and warnings are errors. The second time nothing may
# change: otherwise every deployment would start a rollout.
check_overlay() {
    local namespace apply=(kubectl apply --server-side --validate=strict --field-manager=mlp-deploy --filename)
    namespace=$(sed -n '/^kind: Namespace$/,/^---/s/^  name: //p' "$2" | head -n 1)
    LOG_TAIL_LINES=60 run_step "Applying $1" "apply-$1" "${apply[@]}" "$2" --warnings-as-errors
    run_step "Applying $1 again changes nothing" "diff-$1" kubectl diff --server-side --field-manager=mlp-deploy --filename "$2"
    # The API server accepts a Deployment without checking its pods, so create the pods themselves (dry run).
    kubectl --namespace "$namespace" get deployments,statefulsets,daemonsets,jobs,cronjobs --output=json |
        python3 "$REPO/tests/kubernetes/pods.py" >"$RUN_DIR/$1/pods.json"
    run_step "Pods of $1 keep the Pod Security standard" "pods-$1" \
        kubectl --namespace "$namespace" create --dry-run=server --filename "$RUN_DIR/$1/pods.json"
    # A Job cannot be changed, and two overlays use the same namespace.
    kubectl --namespace "$namespace" delete job migrate >/dev/null
}

# refuses WHAT PATTERN: the API server must refuse the object on standard input, with a message that contains PATTERN.
refuses() {
    local output
    if output=$(kubectl --namespace=refusals create --validate=strict --filename=- 2>&1); then
        die "the API server accepts $1" "$output"
    fi
    [[ $output == *"$2"* ]] || die "the API server refuses $1 for another reason" "$output"
}

# check_refusals: the checks that the overlays passed refuse wrong objects.
check_refusals() {
    local pod='apiVersion: v1
kind: Pod
metadata: { name: bad }
spec:
  containers: [{ name: bad, image: "example:1" }]'
    sed 's/^  name: mlp$/  name: refusals/' "$K8S_DIR/base/namespace.yaml" | kubectl create --filename=- >/dev/null
    kubectl --namespace=refusals create serviceaccount default >/dev/null
    refuses "a pod that runs as root" 'violates PodSecurity "restricted' <<<"$pod"
    refuses "the pod of a CronJob that runs as root" 'violates PodSecurity "restricted' < <(python3 "$REPO/tests/kubernetes/pods.py" <<'JSON'
{"items": [{"kind": "CronJob", "metadata": {"name": "bad"}, "spec": {"jobTemplate": {"spec": {"template": {
    "metadata": {}, "spec": {"restartPolicy": "Never", "containers": [{"name": "bad", "image": "example:1"}]}}}}}}]}
JSON
    )
    refuses "a field that does not exist" 'unknown field "spec.hostname_"' <<<"$pod
  hostname_: bad"
    refuses "a route without a gateway's rules" 'spec.rules[0].filters' <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: bad }
spec:
  rules:
    - filters: [{ type: URLRewrite }]
YAML
    ok "The API server refuses wrong objects"
}

# check_rights OVERLAY: the monitoring has exactly the rights that it needs.
check_rights() {
    local account verb resource expected found
    while read -r account verb resource expected; do
        found=$(kubectl --namespace="mlp-$1" auth can-i "$verb" "$resource" \
            --as="system:serviceaccount:mlp-$1:$account") || true
        [[ $found == "$expected" ]] || die "right of $account to $verb $resource: $found, not $expected"
    done <<'TABLE'
prometheus watch pods yes
prometheus get secrets no
alloy watch pods yes
alloy get pods/log yes
alloy get secrets no
grafana list pods no
TABLE
    ok "The monitoring may read pods and their logs, and no secret"
}

# check_gateway OVERLAY REDIRECT: Traefik reads the routes of OVERLAY from the API server, with its service account and the
# arguments of its Deployment. It must route every path correctly, and redirect /dash to REDIRECT.
check_gateway() {
    local index arguments backends token found namespace=mlp-$1
    choose_free_ports WEB_PORT PING_PORT
    kubectl --namespace="$namespace" patch gateway mlp --type=json \
        --patch="[{\"op\": \"replace\", \"path\": \"/spec/listeners/0/port\", \"value\": $WEB_PORT}]" >/dev/null
    # There are no pods, so fake servers listen on the Services' addresses and answer with their names.
    mapfile -t backends < <(kubectl --namespace="$namespace" get services api dash react --no-headers \
        --output='custom-columns=:metadata.name,:spec.clusterIP,:spec.ports[0].port' | awk '{ print $1 "=" $2 ":" $3 }')
    token=$(kubectl --namespace="$namespace" create token traefik)
    mapfile -t arguments < <(kubectl --namespace="$namespace" get deployment traefik --output=json |
        python3 -c 'import json, sys; print(*json.load(sys.stdin)["spec"]["template"]["spec"]["containers"][0]["args"], sep="\n")')
    for index in "${!arguments[@]}"; do
        arguments[index]=${arguments[index]//"\$(NAMESPACE)"/$namespace}
        arguments[index]=${arguments[index]/=:8088/=127.0.0.1:$WEB_PORT}
        arguments[index]=${arguments[index]/=:8080/=127.0.0.1:$PING_PORT}
        # The pod mounts this file from a ConfigMap.
        arguments[index]=${arguments[index]/=\/etc\/traefik\/dynamic/=$REPO/infrastructure/traefik/dynamic}
        # There is no collector here, and Traefik would log errors.
        [[ ${arguments[index]} != --tracing.* ]] || unset "arguments[index]"
    done
    python3 "$REPO/tests/kubernetes/echo.py" "${backends[@]}" 9>&- &
    ECHO_PID=$!
    "$TRAEFIK" "${arguments[@]}" --providers.kubernetesGateway.endpoint="https://127.0.0.1:$APISERVER_PORT" \
        --providers.kubernetesGateway.token="$token" --providers.kubernetesGateway.nativeLBByDefault=true \
        --providers.kubernetesGateway.certAuthFilePath="$RUN_DIR/keys/apiserver.crt" \
        >"$LOG_DIR/traefik.log" 2>&1 9>&- &
    TRAEFIK_PID=$!
    on_exit stop_gateway
    routed /api/v1/items 'api /v1/items /api'
    routed /api 'api / /api'
    routed /apis 'react /apis None'
    routed /dash/page 'dash /dash/page None'
    routed /dashboard 'react /dashboard None'
    routed / 'react / None'
    routed /ping OK
    routed /pings 'react /pings None'
    found=$(curl --silent --output /dev/null --header 'Host: localhost' --write-out '%{http_code} %{redirect_url}' \
        "http://127.0.0.1:$WEB_PORT/dash")
    [[ $found == "302 $2" ]] || die "/dash is not sent to $2: $found"
    ! grep -E '"level":"error"' "$LOG_DIR/traefik.log" || die "Traefik logs errors" "see $LOG_DIR/traefik.log"
    # After SIGTERM, both ping endpoints return 503, and Traefik still serves.
    kill -TERM "$TRAEFIK_PID"
    wait_until 5 answers_with 503 "$WEB_PORT/ping" || die "/ping does not return 503 while Traefik drains" "see $LOG_DIR/traefik.log"
    for found in "503 $PING_PORT/ping" "200 $PING_PORT/metrics" "200 $WEB_PORT/"; do
        answers_with "${found% *}" "${found#* }" || die "wrong answer while Traefik drains; expected STATUS PORT/PATH: $found"
    done
    stop_gateway
    ok "Traefik has the routes of $1, needs no more rights, and drains"
}

# answers_with STATUS PORT/PATH
answers_with() { [[ $(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$2") == "$1" ]]; }

# routed PATH ANSWER: the server behind the gateway must answer with ANSWER; Traefik needs a moment for the first routes.
routed() {
    wait_until 30 says "$1" "$2" || die "$1 has the wrong route: $(curl --silent --max-time 5 "http://127.0.0.1:$WEB_PORT$1")" \
        "Traefik's log: $LOG_DIR/traefik.log"
}
says() { [[ $(curl --silent --max-time 5 "http://127.0.0.1:$WEB_PORT$1") == "$2" ]]; }

stop_gateway() {
    [[ -n $TRAEFIK_PID ]] || return 0
    # SIGTERM would take 15 s, the drain of a cluster.
    kill -KILL "$TRAEFIK_PID" "$ECHO_PID" 2>/dev/null || true
    wait "$TRAEFIK_PID" "$ECHO_PID" 2>/dev/null || true
    TRAEFIK_PID=''
}
