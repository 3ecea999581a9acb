#!/usr/bin/env bash
# Removes everything that `make cloud-up` created, including data and backups, after a confirmation.
#
# usage: make cloud-down [ENVIRONMENT=staging|production|all]   (default: all)
#   DRY_RUN=1       prints the commands and runs none; needs neither a cloud nor its programs
#   TERRAFORM=tofu  OpenTofu instead of Terraform
#
# `all` also removes what the environments share: images, identities, DNS zones, the budget and the
# states. The confirmation is the id of each project, typed out. The projects themselves stay. The
# last lines say how to remove them, which is the only way to be certain that nothing costs money
# any more.

source "$(dirname "$0")/../../scripts/lib/common.sh"
source "$REPO/infrastructure/terraform/cloud.sh"
no_arguments "$@"
ENVIRONMENT=${ENVIRONMENT:-all}
mapfile -t environments < <(chosen_environments)
((${#environments[@]} > 0)) || exit 1
find_state_bucket
need_cloud_programs
need_program kubectl "https://kubernetes.io/docs/tasks/tools"
need_program gke-gcloud-auth-plugin "gcloud components install gke-gcloud-auth-plugin"

# Their protection is a property of themselves: it has to be off before either can go.
CLUSTER=module.platform.google_container_cluster.this
PROTECTED=("$CLUSTER" module.platform.google_sql_database_instance.this)
# By this the database reaches the network.
CONNECTION=module.platform.google_service_networking_connection.managed_services
NETWORK=module.platform.google_compute_network.this
PEERING=servicenetworking-googleapis-com

KUBECONFIG=$(mktemp)
export KUBECONFIG
on_exit forget_cluster
# shellcheck disable=SC2317,SC2329 # called by the clean-up of common.sh
forget_cluster() { rm -f "$KUBECONFIG"; }

# With `all`, an environment that was never set up is no reason to keep the others. Its state would be a sign that it
# was: the bucket with it is removed below, and nobody would know any more what there is.
if [[ $ENVIRONMENT == all && $DRY_RUN != 1 ]]; then
    for index in "${!environments[@]}"; do
        environment=${environments[index]}
        settings=$(owner_values "$environment")
        [[ ! -r $settings ]] || continue
        if answer=$(gcloud storage objects describe "gs://$STATE_BUCKET/$environment/default.tfstate" 2>&1); then
            die "$environment has a state but no settings: nothing was removed" "write them again: $settings"
        fi
        [[ $answer == *"not found: 404"* ]] ||
            die "cannot find out whether $environment has a state: nothing was removed" "$answer"
        warn "$environment is left out: there is no $settings"
        unset "environments[index]"
    done
fi

# confirm NAME PROJECT: the id of the project has to be typed.
confirm() {
    local answer
    printf '%sThis removes %s in project %s, for ever.%s\n' "$RED" "$1" "$2" "$RESET"
    [[ $DRY_RUN != 1 ]] || { info "(DRY_RUN: would ask for \"$2\")" && return 0; }
    read -rp "Type the project's id to go on: " answer || answer=''
    [[ $answer == "$2" ]] || die "that is not \"$2\": nothing was removed"
}

# remove_what_the_cluster_made PROJECT REGION CLUSTER: its controllers made load balancers and disks, so Terraform does not
# know them. A network with one of the former in it cannot be removed; the latter would stay, and cost money.
remove_what_the_cluster_made() {
    perform gcloud container clusters get-credentials "$3" --project="$1" --location="$2" --dns-endpoint ||
        die "the cluster $3 cannot be reached: it and what follows were not removed" \
            "log in: gcloud auth login; then run this again" \
            "somebody else removed it? TF_DATA_DIR=.terraform/${3#mlp-} $TERRAFORM -chdir=$TERRAFORM_DIR/environments state rm $CLUSTER"
    perform kubectl delete gateways.gateway.networking.k8s.io,ingresses.networking.k8s.io --all \
        --all-namespaces --ignore-not-found --timeout=10m ||
        keep_cluster "$3" "a load balancer is left" \
            "kubectl get gateways.gateway.networking.k8s.io,ingresses.networking.k8s.io --all-namespaces"
    perform kubectl delete services --all-namespaces --field-selector=spec.type=LoadBalancer --timeout=10m ||
        keep_cluster "$3" "a load balancer is left" \
            "kubectl get services --all-namespaces --field-selector=spec.type=LoadBalancer"
    # Whoever uses a disk goes first; a disk goes with its claim, and its volume once it is gone.
    perform kubectl delete statefulsets.apps --namespace="$3" --all --timeout=10m ||
        keep_cluster "$3" "what uses a disk is left" "kubectl get statefulsets --namespace=$3"
    perform kubectl delete persistentvolumeclaims --all-namespaces --all --timeout=10m ||
        keep_cluster "$3" "something still uses a disk" \
            "kubectl describe persistentvolumeclaims --all-namespaces; remove what uses them"
    # Where there is none, it does not wait. Asked first, an answer that fails would look like none.
    perform kubectl wait persistentvolumes --all --for=delete --timeout=10m ||
        keep_cluster "$3" "disks are left" "kubectl get persistentvolumes; remove them"
}

# keep_cluster CLUSTER WHY LOOK
keep_cluster() { die "$2: the cluster $1 and what follows were not removed" "look: $3" "then run this again"; }

# remove_peering PROJECT NETWORK: what is left of the connection, which Terraform abandons. Our end of it can go at any time.
remove_peering() {
    local list=$PEERING
    local advice=("log in: gcloud auth login; then run this again"
        "or by hand: gcloud compute networks peerings delete $PEERING --network=$2 --project=$1")
    # Of those that are there: removing one that is not looks like any other failure.
    [[ $DRY_RUN == 1 ]] ||
        list=$(gcloud compute networks peerings list --network="$2" --project="$1" --format='value(peerings[].name)') ||
        die "cannot ask for the peering of the network $2: it and what else is left were not removed" "${advice[@]}"
    [[ ";$list;" == *";$PEERING;"* ]] || return 0
    perform gcloud compute networks peerings delete "$PEERING" --network="$2" --project="$1" --quiet ||
        die "the peering of the network $2 was not removed, nor is what else is left" "${advice[@]}"
}

# remaining_in STACK: what its state holds, an address a line; all that is asked for below where nothing is done.
remaining_in() {
    local list
    [[ $DRY_RUN != 1 ]] || { printf '%s\n' "${PROTECTED[@]}" "$CONNECTION" "$NETWORK" && return; }
    # Terraform calls it an error when nothing was ever made.
    use_stack "$1"
    list=$("$TERRAFORM" -chdir="$TERRAFORM_DIR/$(root_of "$1")" state list 2>&1) || [[ $list == *"No state file was found"* ]] ||
        die "the state of $1 cannot be read: nothing of it was removed" "$list"
    grep '^module\.' <<<"$list" | grep -v '\.data\.' || true
}

# remains ADDRESS: whether it is among what remove_environment has found.
remains() { grep -qxF "$1" <<<"$remaining"; }

# remove_environment ENVIRONMENT
remove_environment() {
    local project region remaining resource arguments targets=()
    project=$(setting_of "$1" project_id) region=$(setting_of "$1" region)
    mapfile -t arguments < <(stack_arguments "$1")
    arguments+=(-var=deletion_protection=false -auto-approve -input=false)
    init_stack "$1"
    remaining=$(remaining_in "$1")
    [[ -n $remaining ]] || { ok "$1: nothing is left" && return; }
    ! remains "$CLUSTER" || remove_what_the_cluster_made "$project" "$region" "mlp-$1"
    for resource in "${PROTECTED[@]}"; do
        ! remains "$resource" || targets+=("-target=$resource")
    done
    # Applied to what is gone already, it would be made anew.
    ((${#targets[@]} == 0)) || terraform_in "$1" apply "${arguments[@]}" "${targets[@]}"
    # With the connection goes what needs it, the database. Only then can the peering go, and only then the network.
    ! remains "$CONNECTION" || terraform_in "$1" destroy "${arguments[@]}" "-target=$CONNECTION"
    ! remains "$NETWORK" || remove_peering "$project" "mlp-$1"
    terraform_in "$1" destroy "${arguments[@]}"
    [[ $DRY_RUN == 1 ]] || ok "$1 is removed"
}

# Every question comes before the first change.
projects=()
for environment in "${environments[@]}"; do
    project=$(setting_of "$environment" project_id)
    confirm "$environment: cluster, database and all data," "$project"
    projects+=("$project")
done
if [[ $ENVIRONMENT == all ]]; then
    project=$(setting_of bootstrap project_id)
    confirm "images, identities, DNS zones, budget and states" "$project"
    projects+=("$project")
fi

for environment in "${environments[@]}"; do remove_environment "$environment"; done
if [[ $ENVIRONMENT == all ]]; then
    init_stack bootstrap
    terraform_in bootstrap destroy -auto-approve -input=false
    perform gcloud storage rm --recursive "gs://$STATE_BUCKET"
    [[ $DRY_RUN == 1 ]] || ok "What the environments shared is removed"
fi

info "To be certain that nothing is left that costs money, remove the projects:"
printf '  gcloud projects delete %s\n' "${projects[@]}" | sort -u
[[ $DRY_RUN != 1 ]] || ok "Dry run: nothing was changed"
