# What a deployment remembers, the way back, and what a release leaves behind. Sourced, never run; uses rollout.sh.
# shellcheck shell=bash disable=SC2153
#
# The ConfigMap `release` has the manifests of the last release that was deployed to the end. Going back is applying these:
# every object is as it was, its settings, routes and policies too. `kubectl rollout undo` would give back the pods alone, and
# leave their fields with an owner whom the next server-side apply does not overrule (kubernetes/kubernetes#112911).

# continues_canary: a canary and its release to all are one deployment, of which the first call knows what was before.
continues_canary() { [[ -e $WORK/before.yaml ]] && cmp --silent "$WORK/canary" "$WORK/images"; }

# forget_previous: what an earlier deployment noted, which is none of this one's.
forget_previous() {
    [[ $DRY_RUN == 1 ]] || continues_canary || rm -f "$WORK/canary" "$WORK/before.yaml"
}

# remember_previous: the release that the cluster has recorded, its manifests into $WORK/before.yaml, its images into
# $WORK/previous. Both are empty before the first. Where there is no $WORK/before.yaml nothing was changed.
remember_previous() {
    local manifests images
    # A canary changes no record, but what is to be taken back began with it.
    [[ $DRY_RUN != 1 ]] && ! continues_canary || return 0
    if ! manifests=$(recorded '.binaryData.manifests\.yaml\.gz') || ! images=$(recorded .data.images); then
        die "cannot ask the cluster what runs: nothing was changed"
    fi
    printf '%s' "${images:+$images$'\n'}" >"$WORK/previous"
    if [[ -n $manifests ]]; then base64 --decode <<<"$manifests" | gunzip; fi >"$WORK/before.new"
    mv "$WORK/before.new" "$WORK/before.yaml"
}

# recorded PATH: a part of the record; empty where there is none.
recorded() { kube get configmap release --ignore-not-found --output="jsonpath={$1}"; }

# record_release MANIFESTS IMAGES: these were deployed to the end.
record_release() {
    [[ $DRY_RUN != 1 ]] || { info "(DRY_RUN: would keep these manifests in the ConfigMap release, for the way back)" && return; }
    gzip --no-name --stdout "$1" >"$WORK/manifests.yaml.gz" || return
    kube create configmap release --from-file="$WORK/manifests.yaml.gz" --from-file=images="$2" --dry-run=client --output=yaml |
        kube "${APPLY[@]}" - >/dev/null
}

# objects MANIFESTS: those in the namespace, "TYPE/NAME" a line, as kubectl names them. A GatewayClass is in none, although
# kustomize writes one there: it knows no type that is not Kubernetes' own.
objects() {
    awk '/^---$/ { kind = "" }
         /^apiVersion: / { group = $2; if (!sub("/.*", "", group)) group = ""; else group = "." group }
         /^kind: / { kind = tolower($2) group }
         /^[a-z]/ { within = $1 }
         within == "metadata:" && /^  name: / { name = $2 }
         within == "metadata:" && /^  namespace: / && kind !~ /^gatewayclass/ { print kind "/" name }' "$1"
}

# What may hold data is not removed, only named.
KEPT='^(statefulset\.apps|persistentvolumeclaim)/'

# prune MANIFESTS: removes what carries our label and is not in these manifests, of every type that they, the release before,
# or the one that is taken back have. Nothing outside of the namespace: that may be another environment's.
prune() {
    local types leftover kept
    [[ $DRY_RUN != 1 ]] || { info "(DRY_RUN: would remove what an earlier release had and this one has not)" && return; }
    types=$(objects "$MANIFESTS" && objects "$1" && { [[ ! -e $WORK/before.yaml ]] || objects "$WORK/before.yaml"; }) || return
    types=$(cut -d / -f 1 <<<"$types" | sort -u | paste -sd ,)
    leftover=$(kube get "$types" --selector=app.kubernetes.io/part-of=mlp --output=name) || return
    leftover=$(comm -23 <(sort <<<"$leftover") <(objects "$1" | sort))
    kept=$(grep -E "$KEPT" <<<"$leftover") || true
    [[ -z $kept ]] || warn "no longer in the manifests, kept since it may hold data: ${kept//$'\n'/, }"
    mapfile -t leftover < <(grep -vE "$KEPT" <<<"$leftover")
    [[ -z ${leftover[*]} ]] || run kube delete --ignore-not-found "${leftover[@]}"
}

# roll_back: to what remember_previous has noted. The database stays as it is: each migration fits both releases
# (docs/migrations.md).
roll_back() {
    # No more requests to a canary before it goes.
    [[ $OVERLAY != production ]] || stop_canary || return
    if [[ ! -s $WORK/before.yaml ]]; then
        warn "nothing ran before, so there is nothing to go back to"
        return 1
    fi
    apply_release "$WORK/before.yaml" || return
    record_release "$WORK/before.yaml" "$WORK/previous" || return
    [[ $DRY_RUN == 1 ]] || rm -f "$WORK/before.yaml" "$WORK/canary"
}
