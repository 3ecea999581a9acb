# The steps of a deployment, in their order; scripts/deploy.sh calls them. Sourced, never run.
# Uses its run, kube, DRY_RUN, OVERLAY, NAMESPACE, WORK and MANIFESTS.
# shellcheck shell=bash disable=SC2153

# Server-side: the cluster itself keeps what was applied, and who owns which field. Conflicts are forced, since
# these manifests are the one source; what an autoscaler decides (replicas) is not in them.
APPLY=(apply --server-side --force-conflicts --field-manager=mlp-deploy --filename)

# unknown_types MANIFESTS: the types of objects among them that the cluster does not have, "GROUP/VERSION KIND" a line.
unknown_types() {
    comm -23 <(awk '/^apiVersion: / { version = $2 } /^kind: / { print version, $2 }' "$1" | sort -u) \
        <(kube api-resources --no-headers | awk 'NF > 3 { print $(NF - 2), $NF }' | sort -u)
}

# types_missing_for_traefik: it watches these, whether there are objects of them or not: without one of them it says that
# it is ready, and routes nothing. The Gateway API that GKE brings with it has not all of them.
types_missing_for_traefik() {
    local version kind known group=gateway.networking.k8s.io
    while read -r version kind; do
        known=$(kube get --raw "/apis/$group/$version") || true
        [[ $known == *"\"kind\":\"$kind\""* ]] || echo "$group/$version $kind"
    done <<'TYPES'
v1 GRPCRoute
v1 TLSRoute
v1 BackendTLSPolicy
v1beta1 ReferenceGrant
TYPES
}

# What a rollout waits for.
ROLLED_OUT=(traefik "${DEPLOYMENTS[@]}")
# Longer than a Deployment itself waits for progress (progressDeadlineSeconds), so that it says why.
ROLLOUT_TIMEOUT=660s

# prepare: everything but pods of ours: the namespace, settings, rights, network policies, routes, the database.
prepare() {
    info "Preparing the namespace"
    run kube "${APPLY[@]}" "$MANIFESTS" \
        --selector="app.kubernetes.io/component notin (service,canary,migration)" || return
    ensure_secrets || return
    if has 'kind: StatefulSet'; then
        run kube rollout status statefulset/postgres --timeout=300s
    else
        run kube wait externalsecret/database --for=condition=Ready --timeout=120s
    fi
}

# has LINE: whether the manifests have that line, indented or not.
has() { grep --quiet --line-regexp " *$1" "$MANIFESTS"; }

# ensure_secrets: those that no secret manager brings: of PostgreSQL in the cluster, and of Grafana.
ensure_secrets() {
    local password
    if has 'kind: StatefulSet'; then
        password=$(openssl rand -hex 24) || return
        ensure_secret database "POSTGRES_PASSWORD: '$password'" \
            "DATABASE_URL: postgresql://mlp_user:$password@postgres:5432/mlp_db" || return
        ensure_secret postgres "SUPERUSER_PASSWORD: '$(openssl rand -hex 24)'" \
            "EXPORTER_PASSWORD: '$(openssl rand -hex 24)'" || return
    fi
    ! has 'secretName: grafana' || ensure_secret grafana "password: '$(openssl rand -hex 12)'"
}

# ensure_secret NAME LINE...: a secret of these lines is made once, and is nowhere else.
ensure_secret() {
    [[ $DRY_RUN == 1 || -z $(kube get secret "$1" --ignore-not-found --output=name) ]] || return 0
    info "Making the secret $1"
    [[ $DRY_RUN != 1 ]] || return 0
    # By standard input: arguments can be read by every user of the machine.
    {
        printf '%s\n' 'apiVersion: v1' 'kind: Secret' "metadata: { name: $1 }" 'stringData:'
        printf '  %s\n' "${@:2}"
    } | kube create --filename=-
}

# run_migration: the gate. Whatever fails here, the old release goes on undisturbed.
run_migration() {
    info "Migrating the schema"
    run kube delete job/migrate --ignore-not-found --wait || return
    run kube "${APPLY[@]}" "$MANIFESTS" --selector=app.kubernetes.io/component=migration || return
    [[ $DRY_RUN != 1 ]] || { run kube wait job/migrate --for=condition=Complete --timeout=600s && return; }
    local deadline=$((SECONDS + 660)) state
    while ((SECONDS < deadline)); do
        state=$(kube get job/migrate --output='jsonpath={.status.conditions[?(@.status=="True")].type}') || return
        case $state in
            *Complete*) ok "The schema is up to date" && return ;;
            *Failed*) break ;;
        esac
        sleep 2
    done
    kube logs job/migrate --container=migrate --tail=50 >&2 || true
    return 1
}

# roll_out: everything, and waits until each Deployment runs it; what the release no longer has goes. Sets the canary back to
# no pods and no weight.
roll_out() {
    info "Rolling out"
    apply_release "$MANIFESTS" || return
    # Without it the platform serves all the same: no reason to take a release back.
    if has 'app.kubernetes.io/component: monitoring'; then
        run kube rollout status deployment --selector=app.kubernetes.io/component=monitoring --timeout=300s ||
            warn "the monitoring is not up yet: kubectl --context=$CONTEXT --namespace=$NAMESPACE get pods"
    fi
    # Google makes the load balancer of a first deployment in some minutes.
    [[ $OVERLAY == local ]] || run kube wait gateway/edge --for=condition=Programmed --timeout=900s
}

# apply_release MANIFESTS: makes the namespace be as they say. The Job is left out: it has run, and cannot be changed.
apply_release() {
    local deployment
    run kube "${APPLY[@]}" "$1" --selector='app.kubernetes.io/component!=migration' || return
    for deployment in "${ROLLED_OUT[@]}"; do
        run kube rollout status "deployment/$deployment" --timeout="$ROLLOUT_TIMEOUT" || return
    done
    prune "$1"
}

# start_canary: one pod of each service with the new images beside those that run, then a tenth of the requests.
start_canary() {
    local deployment
    info "Starting the canary"
    [[ $DRY_RUN == 1 ]] || cp "$WORK/images" "$WORK/canary"
    run kube "${APPLY[@]}" "$MANIFESTS" --selector=app.kubernetes.io/component=canary || return
    for deployment in "${DEPLOYMENTS[@]}"; do
        run kube scale "deployment/$deployment-canary" --replicas=1 || return
    done
    for deployment in "${DEPLOYMENTS[@]}"; do
        run kube rollout status "deployment/$deployment-canary" --timeout="$ROLLOUT_TIMEOUT" || return
    done
    weigh_canary 90 10
}

stop_canary() {
    local deployment
    weigh_canary 100 0 || return
    for deployment in "${DEPLOYMENTS[@]}"; do
        run kube scale "deployment/$deployment-canary" --replicas=0 || return
    done
}

# weigh_canary STABLE CANARY: how the gateway divides the requests. The rule is the last of each route.
weigh_canary() {
    local route rule patch='{"op": "replace", "path": "/spec/rules/%d/backendRefs/%d/weight", "value": %d}'
    for route in "${DEPLOYMENTS[@]}"; do
        rule=0
        [[ $route != dash ]] || rule=1
        # shellcheck disable=SC2059 # the format is ours
        run kube patch httproute "$route" --type=json \
            --patch="[$(printf "$patch, $patch" "$rule" 0 "$1" "$rule" 1 "$2")]" || return
    done
}
