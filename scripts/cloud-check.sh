#!/usr/bin/env bash
# Checks the Terraform files against the real providers (names, types and references of every argument), and runs
# their tests, in which Google is mocked. Needs no cloud and no account; the providers are downloaded the first time.
#
# usage: make cloud-check
#   TERRAFORM=tofu  OpenTofu instead of Terraform

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/cloud.sh
source "$REPO/scripts/lib/cloud.sh"
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
# Two small roots are the usual form; what may differ between them is in main.tf.
_check_same() {
    local file
    for file in variables.tf outputs.tf; do
        diff -u "$copy/environments/staging/$file" "$copy/environments/production/$file"
    done
}
_check_format() { "$TERRAFORM" fmt -recursive -check -diff "$copy"; }
_check() {
    cd "$copy/$1" || return
    "$TERRAFORM" init -backend=false -input=false
    "$TERRAFORM" validate
    [[ ! -d tests ]] || "$TERRAFORM" test
}

_copy
run_step "Format" terraform-fmt _check_format
run_step "Staging and production take and give the same" terraform-same _check_same
for stack in bootstrap modules/platform environments/staging environments/production; do
    run_step "$stack" "terraform-${stack##*/}" _check "$stack"
done
