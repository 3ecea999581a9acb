# What the cloud commands share: Terraform, its state's bucket, and printing instead of doing. Sourced, never run.
# shellcheck shell=bash

TERRAFORM_DIR=$REPO/infrastructure/terraform
# Terraform or OpenTofu, 1.11 or newer: OpenTofu has the same commands.
TERRAFORM=${TERRAFORM:-terraform}
DRY_RUN=${DRY_RUN:-0}

# perform COMMAND...: runs a command after showing it; DRY_RUN=1 only shows it.
perform() {
    printf '%s+ %s%s\n' "$DIM" "$(printf '%q ' "$@")" "$RESET"
    [[ $DRY_RUN == 1 ]] || "$@"
}

# need_program PROGRAM WHERE: a program that must be there, unless nothing is done with it.
need_program() {
    [[ $DRY_RUN == 1 ]] || command -v "$1" >/dev/null || die "$1 is not installed" "$2"
}

need_cloud_programs() {
    need_program gcloud "https://cloud.google.com/sdk/docs/install, then: gcloud auth application-default login"
    need_program "$TERRAFORM" "Terraform 1.11 or newer, or OpenTofu with TERRAFORM=tofu"
}

# A stack is a state of its own: `bootstrap`, or the name of an environment. Environments share one root.
root_of() { if [[ $1 == bootstrap ]]; then echo bootstrap; else echo environments; fi; }

# owner_values STACK: the file that its owner fills in.
owner_values() {
    if [[ $1 == bootstrap ]]; then set -- terraform.tfvars "$1"; else set -- "$1.owner.tfvars" "$1"; fi
    printf '%s' "$TERRAFORM_DIR/$(root_of "$2")/$1"
}

# setting_of STACK NAME: a text of its owner's values; a placeholder where nothing is done.
setting_of() {
    local file value=''
    file=$(owner_values "$1")
    [[ ! -r $file ]] || value=$(sed -nE "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*\"([^\"]+)\".*/\1/p" "$file" | head -n 1)
    if [[ -z $value ]]; then
        [[ $DRY_RUN == 1 ]] || die "$file does not say $2" "cp ${file/%$1.owner.tfvars/owner.tfvars}.example $file, then fill it in"
        value="<$2 of $1>"
    fi
    printf '%s' "$value"
}

# find_state_bucket: sets STATE_BUCKET, the bucket of all states; its name is unique in the world because the project's is.
# Asked for once, in an assignment: in an argument its failure would be an empty text.
find_state_bucket() {
    STATE_BUCKET=$(setting_of bootstrap project_id)
    STATE_BUCKET+=-mlp-state
}

# stack_arguments STACK: what plan, apply and destroy are told; bootstrap has a terraform.tfvars, which needs no word.
stack_arguments() {
    [[ $1 == bootstrap ]] ||
        printf '%s\n' "-var-file=$1.tfvars" "-var-file=$1.owner.tfvars" "-var=state_bucket=$STATE_BUCKET"
}

# use_stack STACK: lets Terraform keep apart, for each environment, what it remembers of the state: without that, a command
# for staging would change production after somebody worked on production.
use_stack() {
    export TF_DATA_DIR=.terraform
    [[ $1 == bootstrap ]] || TF_DATA_DIR+=/$1
}

# terraform_in STACK ARGUMENT...
terraform_in() {
    use_stack "$1"
    perform env "TF_DATA_DIR=$TF_DATA_DIR" "$TERRAFORM" -chdir="$TERRAFORM_DIR/$(root_of "$1")" "${@:2}"
}

init_stack() {
    terraform_in "$1" init -input=false -reconfigure "-backend-config=bucket=$STATE_BUCKET" "-backend-config=prefix=$1"
}

# chosen_environments: from ENVIRONMENT, which is one of them or `all`.
chosen_environments() {
    case ${ENVIRONMENT:-} in
        staging | production) printf '%s\n' "$ENVIRONMENT" ;;
        all) printf '%s\n' staging production ;;
        *) die "ENVIRONMENT is '${ENVIRONMENT:-}'" "ENVIRONMENT=staging, production or all" ;;
    esac
}
