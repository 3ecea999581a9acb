output "image_repository" {
  description = "Input of both environments: the registry that their nodes pull from."
  value = {
    project  = var.project_id
    location = google_artifact_registry_repository.images.location
    name     = google_artifact_registry_repository.images.name
  }
}

output "deployers" {
  description = "Input of both environments: the service account that may deploy there."
  value = {
    for name in ["staging", "production"] : name => google_service_account.ci["deployer-${name}"].email
  }
}

output "zones" {
  description = "Input of both environments: the DNS zones for the records of their domains."
  value = {
    project = var.project_id
    names   = { for domain, zone in google_dns_managed_zone.this : domain => zone.name }
  }
}

output "name_servers" {
  description = "Name servers of each zone: enter them as NS records at its parent domain."
  value       = { for domain, zone in google_dns_managed_zone.this : domain => zone.name_servers }
}

locals {
  registry = "${google_artifact_registry_repository.images.location}-docker.pkg.dev"
}

output "github_variables" {
  description = "Variables of the GitHub repository (docs/cloud.md explains how to set them). None is a secret."
  value = {
    WORKLOAD_IDENTITY_PROVIDER = google_iam_workload_identity_pool_provider.repository.name
    PUBLISHER                  = google_service_account.ci["publisher"].email
    IMAGE_REGISTRY             = local.registry
    IMAGE_REPOSITORY           = "${local.registry}/${var.project_id}/${google_artifact_registry_repository.images.name}"
  }
}
