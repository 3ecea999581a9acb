#!/usr/bin/env bash
# Checks the Terraform files against the real providers: names, types and references of every argument. Needs no
# cloud and no account; the providers are downloaded the first time.
#
# usage: make cloud-check
#   TERRAFORM=tofu  OpenTofu instead of Terraform

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/cloud.sh
source "$REPO/scripts/lib/cloud.sh"
no_arguments "$@"
command -v "$TERRAFORM" >/dev/null || die "$TERRAFORM is not installed" "Terraform 1.11 or newer, or TERRAFORM=tofu"

_check_stack() {
    cd "$TERRAFORM_DIR/$1" || return
    # Without its backend, so that no bucket is asked for; in a directory of its own, so that the real one stays.
    export TF_DATA_DIR=$RUN_DIR/terraform/$1
    "$TERRAFORM" init -backend=false -input=false
    "$TERRAFORM" validate
}
_check_format() { "$TERRAFORM" fmt -recursive -check -diff "$TERRAFORM_DIR"; }

run_step "Format" terraform-fmt _check_format
for stack in bootstrap environments/staging environments/production; do
    run_step "$stack" "terraform-${stack##*/}" _check_stack "$stack"
done
