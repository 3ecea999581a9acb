# Workload Identity Federation: GitHub signs a token for each job, and Google exchanges it for one that is
# valid for at most an hour. There is no key to store, to leak or to rotate.

# Google blocks the name of a deleted pool for a month. With a random suffix, a new pool can be created at once.
resource "random_id" "pool" {
  byte_length = 3
}

resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "github-${random_id.pool.hex}"
  display_name              = "GitHub Actions"

  depends_on = [google_project_service.apis]
}

resource "google_iam_workload_identity_pool_provider" "repository" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "repository"
  display_name                       = "One repository"

  attribute_mapping = {
    # Names the workflow run in Google's logs. GitHub's own subject can be longer than the 127 bytes that Google allows.
    "google.subject" = "assertion.repository_id + '/' + assertion.run_id"
    # The end of GitHub's subject names the job's environment or branch. Its beginning names the repository, in a form
    # that depends on whether the repository was created before July 2026; the condition below checks the number instead.
    # GitHub writes a colon in an environment's name as %3A, so no other name can end like one of these.
    # https://docs.github.com/actions/reference/security/oidc
    "attribute.job" = join(" : ", [
      "assertion.sub.endsWith(':environment:production') ? 'production'",
      "assertion.sub.endsWith(':environment:staging') ? 'staging'",
      "assertion.sub.endsWith(':ref:refs/heads/main') ? 'main'",
      "'other'",
    ])
  }
  # GitHub issues tokens for all repositories. Without this condition, each of them could get an identity here.
  attribute_condition = "assertion.repository_id == '${var.repository_id}'"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

locals {
  jobs = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.job"

  # Which jobs may use which service account. GitHub starts a job of an environment only after the environment's
  # rules are met, so the approval of production also protects the token.
  ci_identities = {
    publisher           = "${local.jobs}/main"
    deployer-staging    = "${local.jobs}/staging"
    deployer-production = "${local.jobs}/production"
  }
}

resource "google_service_account" "ci" {
  for_each = local.ci_identities

  account_id   = "mlp-${each.key}"
  display_name = "GitHub Actions: ${each.key}"

  depends_on = [google_project_service.apis]
}

resource "google_service_account_iam_member" "ci" {
  for_each = local.ci_identities

  service_account_id = google_service_account.ci[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = each.value
}

# Only the publishing job writes images. Each environment's module gives its deployer the rights in its project.
resource "google_artifact_registry_repository_iam_member" "publisher" {
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.ci["publisher"].member
}
