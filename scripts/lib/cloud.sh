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

# setting_of STACK NAME: a text of STACK's terraform.tfvars; a placeholder where nothing is done.
setting_of() {
    local file=$TERRAFORM_DIR/$1/terraform.tfvars value=''
    [[ ! -r $file ]] || value=$(sed -nE "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*\"([^\"]+)\".*/\1/p" "$file" | head -n 1)
    if [[ -z $value ]]; then
        [[ $DRY_RUN == 1 ]] || die "$file does not say $2" "cp $file.example $file, then fill it in"
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

# stack_arguments STACK: what plan, apply and destroy are told on top of terraform.tfvars.
stack_arguments() {
    [[ $1 == bootstrap ]] || printf '%s\n' "-var=state_bucket=$STATE_BUCKET"
}

# stack_of ENVIRONMENT: its directory below infrastructure/terraform.
stack_of() { printf 'environments/%s' "$1"; }

# terraform_in STACK ARGUMENT...
terraform_in() {
    local stack=$1
    shift
    perform "$TERRAFORM" -chdir="$TERRAFORM_DIR/$stack" "$@"
}

init_stack() {
    terraform_in "$1" init -input=false -reconfigure "-backend-config=bucket=$STATE_BUCKET"
}

# chosen_environments: from ENVIRONMENT, which is one of them or `all`.
chosen_environments() {
    case ${ENVIRONMENT:-} in
        staging | production) printf '%s\n' "$ENVIRONMENT" ;;
        all) printf '%s\n' staging production ;;
        *) die "ENVIRONMENT is '${ENVIRONMENT:-}'" "ENVIRONMENT=staging, production or all" ;;
    esac
}
