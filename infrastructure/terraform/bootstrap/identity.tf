# Workload Identity Federation: GitHub signs a token for each job, Google exchanges it for one that
# lives an hour at most. There is no key to store, to leak or to rotate.

# A name is blocked for a month after its pool is deleted; the suffix lets a new one begin at once.
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
    # Who acted, in Google's logs: the run of the workflow. GitHub's own subject may be longer than the 127 bytes
    # that are allowed here.
    "google.subject" = "assertion.repository_id + '/' + assertion.run_id"
    # What a job is by the rules of the repository: the end of GitHub's subject. Its beginning names the repository, in
    # one form for those made before July 2026, in another for younger ones; the condition below names it by number.
    # A colon in the name of an environment is written %3A there, so no name can end like one of these.
    # https://docs.github.com/actions/reference/security/oidc
    "attribute.job" = join(" : ", [
      "assertion.sub.endsWith(':environment:production') ? 'production'",
      "assertion.sub.endsWith(':environment:staging') ? 'staging'",
      "assertion.sub.endsWith(':ref:refs/heads/main') ? 'main'",
      "'other'",
    ])
  }
  # GitHub's issuer speaks for every repository there is: without this line all of them could ask.
  attribute_condition = "assertion.repository_id == '${var.repository_id}'"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

locals {
  jobs = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.job"

  # Who may act as which service account. A job that names an environment gets there only by the
  # environment's rules: production's approval guards the token itself.
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

# Images are written by the job that publishes them and nobody else; each environment's module
# lets its own deployer into its own project.
resource "google_artifact_registry_repository_iam_member" "publisher" {
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.ci["publisher"].member
}
