#!/usr/bin/env bash
# Creates all resources of an environment in Google Cloud, or updates them.
#
# usage: make cloud-up ENVIRONMENT=staging|production|all
#   DRY_RUN=1       prints the commands and runs none; needs neither a cloud nor its programs
#   TERRAFORM=tofu  OpenTofu instead of Terraform
#
# It creates the bucket for the states, then infrastructure/terraform/bootstrap (images, identities,
# DNS zones, budget), then the environment. Terraform shows each plan and asks before it changes
# anything. From then on it costs money: docs/cloud.md says how much. `make cloud-down` removes
# everything.

source "$(dirname "$0")/../../scripts/lib/common.sh"
source "$REPO/infrastructure/terraform/cloud.sh"
no_arguments "$@"
mapfile -t environments < <(chosen_environments)
((${#environments[@]} > 0)) || exit 1
need_cloud_programs

find_state_bucket
project=$(setting_of bootstrap project_id)
region=$(setting_of bootstrap region)
SERVICES=(storage serviceusage cloudresourcemanager cloudbilling billingbudgets iam)

# Terraform enables the other services. Of these it needs some before it can: in bootstrap each call is counted against this
# project, so that of the first plan, which asks Resource Manager about projects, would be refused.
perform gcloud services enable "${SERVICES[@]/%/.googleapis.com}" --project="$project"
# The bucket is the one thing that Terraform does not make: all that it knows lies in there.
if [[ $DRY_RUN == 1 ]] || ! gcloud storage buckets describe "gs://$STATE_BUCKET" --format='value(name)' >/dev/null 2>&1; then
    perform gcloud storage buckets create "gs://$STATE_BUCKET" --project="$project" --location="$region" \
        --uniform-bucket-level-access --public-access-prevention
fi
# Older states are kept: a bad one can be taken back.
perform gcloud storage buckets update "gs://$STATE_BUCKET" --versioning

for stack in bootstrap "${environments[@]}"; do
    info "${BOLD}$stack$RESET"
    mapfile -t arguments < <(stack_arguments "$stack")
    init_stack "$stack"
    terraform_in "$stack" apply "${arguments[@]}"
done

[[ $DRY_RUN != 1 ]] || { ok "Dry run: nothing was changed" && exit 0; }
ok "Done. What GitHub has to be told: docs/cloud.md, \"Tell GitHub\""
