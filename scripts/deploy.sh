#!/usr/bin/env bash
# Deploys a release: checks it, shows the changes, asks for confirmation, migrates the database,
# rolls out the services, and sends a request to every part of the platform. If a step fails, it
# says how to roll back.
#
# usage: make deploy-staging | make deploy-prod      (IMAGES_FILE=... [CANARY=1] [ROLLBACK=1] [DRY_RUN=1], or BACK=1)
#        scripts/deploy.sh staging|staging-lite|production|local
#   IMAGES_FILE   the images by digest, a line `mlp/api=REPOSITORY@sha256:...` for each of api, dash-app, react-app;
#                 or API_IMAGE, DASH_IMAGE and REACT_IMAGE, each REPOSITORY@sha256:...; a dry run makes some up
#   CANARY=1      production: migrates and starts one pod of each service with the new images, which get a tenth of
#                 the requests, and stops there. The next call without it releases to all. Where nothing runs yet, it
#                 releases to all at once.
#   ROLLBACK=1    rolls back automatically if the rollout or the test after it fails
#   BACK=1        rolls back the last deployment; a canary and its release count as one: every object is as before
#   ASSUME_YES=1  does not ask. Otherwise you type the name of production, or "y" for the others
#   DRY_RUN=1     prints the commands and the path of the manifests; needs no cluster and no account
#   KUBE_CONTEXT  context of kubectl; default: the one that `gcloud container clusters get-credentials` makes
# Facts of the cloud come from infrastructure/kubernetes/overlays/*/cloud/cloud.env; the environment wins.

source "$(dirname "$0")/lib/common.sh"
source "$REPO/scripts/lib/images.sh"
source "$REPO/scripts/lib/kubernetes.sh"
source "$REPO/scripts/lib/rollout.sh"
source "$REPO/scripts/lib/rollback.sh"
case ${1:-} in
    -h | --help | '') show_help && exit 0 ;;
    staging | staging-lite | production | local) OVERLAY=$1 ;;
    *) die "unknown environment: $1" "see: $0 --help" ;;
esac
DRY_RUN=${DRY_RUN:-0} CANARY=${CANARY:-0} ROLLBACK=${ROLLBACK:-0} BACK=${BACK:-0} ASSUME_YES=${ASSUME_YES:-0}
ENVIRONMENT_NAME=${OVERLAY%-lite}
NAMESPACE=mlp-$ENVIRONMENT_NAME
WORK=$RUN_DIR/deploy/$OVERLAY
MANIFESTS=$WORK/manifests.yaml
[[ $CANARY != 1 || $OVERLAY == production ]] || die "only production has a canary" "leave CANARY out"

# kube ARGUMENT...: kubectl for this environment and no other.
kube() { kubectl --context="$CONTEXT" --namespace="$NAMESPACE" "$@"; }

# run COMMAND...: shows a command, as it can be typed, and runs it; DRY_RUN=1 only shows it.
run() {
    local word shown=''
    for word in "$@"; do
        [[ $word =~ ^[[:alnum:]_./:=,@%+-]+$ ]] || word=${word@Q}
        shown+=" $word"
    done
    [[ $1 != kube ]] || shown=" kubectl --context=$CONTEXT --namespace=$NAMESPACE${shown# kube}"
    printf '%s+%s%s\n' "$DIM" "$shown" "$RESET"
    [[ $DRY_RUN == 1 ]] || "$@"
}

# list_images: into $WORK/images, from whichever of the two ways was chosen.
list_images() {
    local index name
    mkdir -p "$WORK"
    if [[ -n ${IMAGES_FILE:-} ]]; then
        check_digests "$IMAGES_FILE"
        [[ $IMAGES_FILE -ef $WORK/images ]] || cp "$IMAGES_FILE" "$WORK/images"
    elif [[ $DRY_RUN == 1 && -z ${API_IMAGE:-}${DASH_IMAGE:-}${REACT_IMAGE:-} ]]; then
        warn "no IMAGES_FILE: shown with images that do not exist"
        write_example_images "$WORK/images"
    else
        for index in "${!IMAGES[@]}"; do
            name=${DEPLOYMENTS[index]^^}_IMAGE
            [[ -n ${!name:-} ]] || die "which images? $name is not set" \
                "IMAGES_FILE=..., or API_IMAGE, DASH_IMAGE and REACT_IMAGE; each by digest: NAME@sha256:..."
            printf '%s=%s\n' "${IMAGES[index]}" "${!name}"
        done >"$WORK/images"
        check_digests "$WORK/images"
    fi
}

# check_digests FILE: except for images that were built here: no registry gave them a digest.
check_digests() { [[ $OVERLAY == local ]] || check_images_file "$1"; }

# check_pinned: nothing of ours is left without a digest, whatever became of the list on its way into the manifests.
check_pinned() {
    [[ $OVERLAY != local ]] || return 0
    ! grep --quiet 'image: mlp/' "$MANIFESTS" || die "an image without a digest in $MANIFESTS" \
        "$(grep --max-count=1 'image: mlp/' "$MANIFESTS")"
}

# find_context: sets CONTEXT and BASE_URL.
find_context() {
    if [[ $OVERLAY == local ]]; then
        CONTEXT=${KUBE_CONTEXT:-kind-mlp} BASE_URL=${BASE_URL:-http://localhost}
        return
    fi
    local missing cloud=$WORK/infrastructure/kubernetes/overlays/$OVERLAY/cloud/cloud.env
    # Terraform gives the address where there is no domain; Google gives no certificate for one.
    ! grep -qE '^DOMAIN=([0-9.]+|.*:.*)$' "$cloud" || die "$OVERLAY needs a domain, for HTTPS: $(fact "$OVERLAY" DOMAIN) is an address" \
        "set \`domain\` in infrastructure/terraform/environments/$ENVIRONMENT_NAME.owner.tfvars, then: make cloud-up" \
        "or, without a domain: scripts/deploy.sh staging-lite"
    CONTEXT=${KUBE_CONTEXT:-gke_$(fact "$OVERLAY" GCP_PROJECT)_$(fact "$OVERLAY" GKE_LOCATION)_$(fact "$OVERLAY" GKE_CLUSTER)}
    BASE_URL=$(fact "$OVERLAY" BASE_URL)
    BASE_URL=${BASE_URL:-https://$(fact "$OVERLAY" DOMAIN)}
    missing=$(grep -o '[A-Z_]*=.*your-[a-z]*' "$cloud") || return 0
    [[ $DRY_RUN != 1 ]] || { warn "not filled in yet: ${missing//$'\n'/ }" && return; }
    die "your cloud's facts are missing:" "${missing//$'\n'/$'\n'  }" \
        "fill in infrastructure/kubernetes/overlays/$OVERLAY/cloud/cloud.env (outputs of Terraform)"
}

# check_cluster: it answers, it is the right one, and it has what the manifests need.
check_cluster() {
    local plugin unknown
    [[ $DRY_RUN != 1 ]] ||
        { info "(DRY_RUN: would check kubectl, its context, the rights, and that the cluster knows every type)" && return; }
    command -v kubectl >/dev/null || die "kubectl is not installed" "https://kubernetes.io/docs/tasks/tools/"
    kubectl config get-contexts --output=name | grep -qxF "$CONTEXT" || die "kubectl has no context $CONTEXT" \
        "gcloud container clusters get-credentials $(fact "$OVERLAY" GKE_CLUSTER) --dns-endpoint \\" \
        "  --location $(fact "$OVERLAY" GKE_LOCATION) --project $(fact "$OVERLAY" GCP_PROJECT)"
    plugin=$(kube config view --minify --output='jsonpath={.users[0].user.exec.command}')
    [[ -z $plugin ]] || command -v "$plugin" >/dev/null || die "kubectl signs in by $plugin, which is not installed" \
        "gcloud components install $(basename "$plugin")"
    kube auth can-i patch deployments --quiet || die "no right to deploy to $NAMESPACE, or the cluster does not answer" \
        "log in: gcloud auth login; the rights: infrastructure/terraform"
    unknown=$(unknown_types "$MANIFESTS" && types_missing_for_traefik)
    [[ -z $unknown ]] || die "the cluster does not know: ${unknown//$'\n'/, }" \
        "once for each cluster: infrastructure/kubernetes/README.md, \"What a cluster needs\""
}

# confirm: nothing happens to production by a slip of the finger.
confirm() {
    local answer expected=y
    [[ $ASSUME_YES != 1 && $OVERLAY != local ]] || return 0
    [[ $OVERLAY != production ]] || expected=production
    [[ $DRY_RUN != 1 ]] || { info "(DRY_RUN: would ask to type \"$expected\")" && return; }
    [[ -t 0 ]] || die "nobody is there to ask" "ASSUME_YES=1 where the decision was made elsewhere"
    read -rp "Deploy this to $CONTEXT, namespace $NAMESPACE? Type \"$expected\": " answer
    [[ $answer == "$expected" ]] || die "not deployed"
}

show_diff() {
    local status=0
    info "What changes:"
    # Without the Job, which cannot be changed and so not compared.
    run kube diff --server-side --force-conflicts --filename="$MANIFESTS" \
        --selector='app.kubernetes.io/component!=migration' || status=$?
    # 1 means "there are differences"; before the first deployment there is no namespace to compare with.
    ((status <= 1)) || warn "no comparison (exit code $status); the whole: $MANIFESTS"
}

# go_back: to what remember_previous has noted.
go_back() {
    roll_back || die "the roll-back failed too" "look at: kubectl --context=$CONTEXT --namespace=$NAMESPACE get pods" \
        "by hand: IMAGES_FILE=$WORK/previous scripts/deploy.sh $OVERLAY"
}

# failed WHAT: what to do now; or does it, if that was asked for.
failed() {
    printf '%s✗ %s%s\n' "$RED" "$1" "$RESET" >&2
    [[ $DRY_RUN == 1 ]] || kube get pods --output=wide >&2 || true
    if [[ $ROLLBACK == 1 ]]; then
        warn "going back to what ran before"
        go_back
        die "$1; rolled back"
    fi
    printf '  %s\n' "why: kubectl --context=$CONTEXT --namespace=$NAMESPACE get events --sort-by=.lastTimestamp" >&2
    [[ ! -s $WORK/before.yaml ]] || printf '  %s\n' "back: BACK=1 scripts/deploy.sh $OVERLAY" >&2
    exit 1
}

# smoke: a load balancer that is made anew answers a moment later than it is "programmed".
smoke() { run env BASE_URL="$BASE_URL" SMOKE_SECONDS="${SMOKE_SECONDS:-120}" "$REPO/scripts/smoke.sh"; }

# The last line of a dry run, so that nobody takes it for a deployment.
end_dry_run() {
    [[ $DRY_RUN == 1 ]] || return 0
    ok "Dry run: nothing was changed"
    exit 0
}

start=$(microseconds)
if [[ $BACK == 1 ]]; then
    [[ -e $WORK/before.yaml ]] || { ok "Nothing was changed from here, so there is nothing to take back" && exit 0; }
    [[ -s $WORK/before.yaml ]] || { ok "Nothing ran before the last deployment, so it stays as it is" && exit 0; }
    find_context
    check_cluster
    info "What ran before:"
    sed 's/^/  /' "$WORK/previous"
    confirm
    go_back
    smoke || die "$BASE_URL does not answer as it should, although what ran before runs again"
    end_dry_run
    ok "$OVERLAY runs what ran before ($(elapsed "$start")): $BASE_URL/"
    exit 0
fi
list_images
forget_previous
render "$OVERLAY" "$WORK" "$WORK/images"
check_pinned
find_context
info "$(grep -c '^kind:' "$MANIFESTS") objects for $CONTEXT, namespace $NAMESPACE: $MANIFESTS"
sed 's/^/  /' "$WORK/images"
check_cluster
show_diff
confirm
remember_previous

prepare || failed "the namespace could not be prepared"
run_migration || failed "the migration failed: nothing of the new release runs"
if [[ $CANARY == 1 && $DRY_RUN != 1 && ! -s $WORK/before.yaml ]]; then
    info "Nothing runs yet that a canary could be compared with: releasing to all"
    CANARY=0
fi
if [[ $CANARY == 1 ]]; then
    if ! start_canary; then
        stop_canary || warn "the canary could not be taken away"
        failed "the canary does not come up"
    fi
    end_dry_run
    ok "A tenth of the requests goes to the canary ($(elapsed "$start"))"
    info "Content? make deploy-prod without CANARY. Not content? make deploy-prod BACK=1"
    exit 0
fi
roll_out || failed "the rollout did not finish"
smoke || failed "$BASE_URL does not answer as it should"
record_release "$MANIFESTS" "$WORK/images" || failed "the release runs, but the cluster did not take the record of it"
end_dry_run
rm -f "$WORK/canary"
ok "$OVERLAY runs the new release ($(elapsed "$start")): $BASE_URL/"
