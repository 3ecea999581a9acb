#!/usr/bin/env bash
# Checks the Terraform files against the real providers (names, types and references of every argument), and runs
# their tests, in which Google is mocked. Needs no cloud and no account; the providers are downloaded the first time.
#
# usage: make cloud-check
#   TERRAFORM=tofu  OpenTofu instead of Terraform

source "$(dirname "$0")/../../scripts/lib/common.sh"
source "$REPO/infrastructure/terraform/cloud.sh"
no_arguments "$@"
command -v "$TERRAFORM" >/dev/null || die "$TERRAFORM is not installed" "Terraform 1.11 or newer, or TERRAFORM=tofu"

export TF_CLI_ARGS=-no-color
# A copy, so that what belongs to a real cloud (state, settings, locks) is neither read nor written.
copy=$RUN_DIR/terraform
_copy() {
    rm -rf "$copy"
    mkdir -p "$copy"
    git -C "$REPO" ls-files -z --cached --others --exclude-standard -- infrastructure/terraform |
        tar --directory="$REPO" --null --files-from=- --create | tar --directory="$copy" --extract --strip-components=2
}
_check_format() { "$TERRAFORM" fmt -recursive -check -diff "$copy"; }
_check() {
    cd "$copy/$1" || return
    "$TERRAFORM" init -backend=false -input=false
    "$TERRAFORM" validate
    [[ ! -d tests ]] || "$TERRAFORM" test "${@:2}"
}

_copy
run_step "Format" terraform-fmt _check_format
for root in bootstrap modules/platform; do run_step "$root" "terraform-${root##*/}" _check "$root"; done
for environment in staging production; do
    run_step "$environment" "terraform-$environment" _check environments "-var-file=$environment.tfvars"
done
