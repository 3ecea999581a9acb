#!/usr/bin/env bash
# Gives kubectl access to a GKE cluster for as long as the job runs: a program gets a new token
# whenever the old one has expired. A token in the kubeconfig is valid for an hour. A release to
# production may take longer, and its roll-back would then fail.
#
# usage: scripts/ci/cluster-credentials.sh   (after signing in to Google Cloud)
#   GCP_PROJECT, GKE_LOCATION, GKE_CLUSTER

source "$(dirname "$0")/../lib/common.sh"
no_arguments "$@"
for name in GCP_PROJECT GKE_LOCATION GKE_CLUSTER; do [[ -n ${!name:-} ]] || die "$name is not set" "see: $0 --help"; done
PLUGIN=gke-gcloud-auth-plugin

# Not get-gke-credentials with `use_auth_provider`: version 3.0.0 writes the provider `gcp`, which kubectl lost in 1.26.
command -v "$PLUGIN" >/dev/null || die "$PLUGIN is not installed" "gcloud components install $PLUGIN"
gcloud container clusters get-credentials "$GKE_CLUSTER" --project="$GCP_PROJECT" --location="$GKE_LOCATION" --dns-endpoint
# gcloud writes a token all the same where the environment tells it to, and says nothing.
user=$(kubectl config view --minify --output='jsonpath={.users[0].user.exec.command}')
[[ ${user##*/} == "$PLUGIN" ]] || die "kubectl would not ask $PLUGIN for a token, but: ${user:-nobody}"
ok "$(kubectl config current-context), by $PLUGIN"
