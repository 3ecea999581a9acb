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

# What a rollout changes, and a roll-back takes back.
ROLLED_OUT=(traefik "${DEPLOYMENTS[@]}")

# continues_canary: a canary and its release to all are one deployment, of which the first call knows what was before.
continues_canary() { [[ -e $WORK/revisions ]] && cmp --silent "$WORK/canary" "$WORK/images"; }

# forget_previous: what an earlier deployment noted, which is none of this one's.
forget_previous() {
    [[ $DRY_RUN == 1 ]] || continues_canary || rm -f "$WORK/canary" "$WORK/revisions"
}

# remember_previous: what runs now: its revisions into $WORK/revisions, the images into $WORK/previous. Both are empty
# before the first deployment. Where there is no $WORK/revisions nothing was changed.
remember_previous() {
    local index deployment found image revision
    local image_and_revision='{.spec.template.spec.containers[0].image} {.metadata.annotations.deployment\.kubernetes\.io/revision}'
    [[ $DRY_RUN != 1 ]] || return 0
    # Asked for now, it would be what the canary's deployment has changed already.
    ! continues_canary || return 0
    : >"$WORK/previous.new"
    : >"$WORK/revisions.new"
    for deployment in "${ROLLED_OUT[@]}"; do
        found=$(kube get deployment "$deployment" --ignore-not-found --output="jsonpath=$image_and_revision") ||
            die "cannot ask the cluster what runs: nothing was changed"
        [[ -n $found ]] || continue
        read -r image revision <<<"$found"
        printf '%s %s\n' "$deployment" "$revision" >>"$WORK/revisions.new"
        for index in "${!DEPLOYMENTS[@]}"; do
            [[ ${DEPLOYMENTS[index]} != "$deployment" ]] ||
                printf '%s=%s\n' "${IMAGES[index]}" "$image" >>"$WORK/previous.new"
        done
    done
    mv "$WORK/revisions.new" "$WORK/revisions"
    # Deploying the same again must not forget what there was before.
    cmp --silent "$WORK/previous.new" "$WORK/images" || mv "$WORK/previous.new" "$WORK/previous"
    rm -f "$WORK/previous.new"
}

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

# roll_out: everything, and waits until each Deployment runs it. Sets the canary back to no pods and no weight.
roll_out() {
    local deployment
    info "Rolling out"
    run kube "${APPLY[@]}" "$MANIFESTS" || return
    for deployment in "${ROLLED_OUT[@]}"; do
        run kube rollout status "deployment/$deployment" --timeout=600s || return
    done
    # Without it the platform serves all the same: no reason to take a release back.
    if has 'app.kubernetes.io/component: monitoring'; then
        run kube rollout status deployment --selector=app.kubernetes.io/component=monitoring --timeout=300s ||
            warn "the monitoring is not up yet: kubectl --context=$CONTEXT --namespace=$NAMESPACE get pods"
    fi
    # Google makes the load balancer of a first deployment in some minutes.
    [[ $OVERLAY == local ]] || run kube wait gateway/edge --for=condition=Programmed --timeout=900s
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
        run kube rollout status "deployment/$deployment-canary" --timeout=300s || return
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

# roll_back: each Deployment to the revision that it had, image and settings; one that did not change stays. The
# database stays as it is: each migration fits both releases (docs/migrations.md).
roll_back() {
    local deployment revision
    [[ $OVERLAY != production ]] || stop_canary || return
    if [[ ! -s $WORK/revisions ]]; then
        warn "nothing ran before, so there is nothing to go back to"
        return 1
    fi
    while read -r deployment revision; do
        run kube rollout undo "deployment/$deployment" "--to-revision=$revision" || return
    done <"$WORK/revisions"
    while read -r deployment revision; do
        run kube rollout status "deployment/$deployment" --timeout=600s || return
    done <"$WORK/revisions"
    # Once gone back to, a revision has another number.
    [[ $DRY_RUN == 1 ]] || rm -f "$WORK/revisions" "$WORK/canary"
}
