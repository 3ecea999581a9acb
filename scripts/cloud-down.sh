#!/usr/bin/env bash
# Removes everything that `make cloud-up` made, data and backups included, after a confirmation.
#
# usage: make cloud-down [ENVIRONMENT=staging|production|all]   (default: all)
#   DRY_RUN=1       prints the commands and runs none; needs neither a cloud nor its programs
#   TERRAFORM=tofu  OpenTofu instead of Terraform
#
# `all` also removes what the environments share: images, identities, the budget and the states. The
# confirmation is the id of each project, typed out. The projects themselves stay; the last lines say how to
# remove those too, which is the one way to be certain that nothing costs money any more.

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/cloud.sh
source "$REPO/scripts/lib/cloud.sh"
no_arguments "$@"
ENVIRONMENT=${ENVIRONMENT:-all}
mapfile -t environments < <(chosen_environments)
((${#environments[@]} > 0)) || exit 1
need_cloud_programs
need_program kubectl "https://kubernetes.io/docs/tasks/tools"

# confirm NAME PROJECT: the id of the project has to be typed.
confirm() {
    local answer
    printf '%sThis removes %s in project %s, for ever.%s\n' "$RED" "$1" "$2" "$RESET"
    [[ $DRY_RUN != 1 ]] || { info "(DRY_RUN: would ask for \"$2\")" && return 0; }
    read -rp "Type the project's id to go on: " answer || answer=''
    [[ $answer == "$2" ]] || die "that is not \"$2\": nothing was removed"
}

# remove_load_balancers PROJECT REGION CLUSTER: controllers in the cluster made them, so Terraform does not
# know them, and a network with one of them in it cannot be removed.
remove_load_balancers() {
    KUBECONFIG=$(mktemp)
    export KUBECONFIG
    if ! perform gcloud container clusters get-credentials "$3" --project="$1" --location="$2" --dns-endpoint; then
        warn "no cluster $3 in $1: it has no load balancers to remove either"
        return 0
    fi
    perform kubectl delete gateways.gateway.networking.k8s.io,ingresses.networking.k8s.io --all \
        --all-namespaces --ignore-not-found --timeout=10m
    perform kubectl delete services --all-namespaces --field-selector=spec.type=LoadBalancer --timeout=10m
    rm -f "$KUBECONFIG"
}

# remove_environment ENVIRONMENT
remove_environment() {
    local stack project region arguments
    stack=$(stack_of "$1") project=$(setting_of "environments/$1" project_id)
    region=$(setting_of "environments/$1" region)
    mapfile -t arguments < <(stack_arguments "$stack")
    arguments+=(-var=deletion_protection=false -auto-approve -input=false)
    init_stack "$stack"
    remove_load_balancers "$project" "$region" "mlp-$1"
    # The protection is a property of what is protected: it has to be off before anything can go.
    terraform_in "$stack" apply "${arguments[@]}" -target=module.platform.google_container_cluster.this \
        -target=module.platform.google_sql_database_instance.this
    terraform_in "$stack" destroy "${arguments[@]}"
    ok "$1 is removed"
}

# Every question comes before the first change.
projects=()
for environment in "${environments[@]}"; do
    project=$(setting_of "environments/$environment" project_id)
    confirm "$environment: cluster, database and all data," "$project"
    projects+=("$project")
done
if [[ $ENVIRONMENT == all ]]; then
    project=$(setting_of bootstrap project_id)
    confirm "images, identities, budget and states" "$project"
    projects+=("$project")
fi

for environment in "${environments[@]}"; do remove_environment "$environment"; done
if [[ $ENVIRONMENT == all ]]; then
    init_stack bootstrap
    terraform_in bootstrap destroy -auto-approve -input=false
    perform gcloud storage rm --recursive "gs://$(state_bucket)"
    ok "What the environments shared is removed"
fi

info "To be certain that nothing is left that costs money, remove the projects:"
printf '  gcloud projects delete %s\n' "${projects[@]}" | sort -u
