output "cluster" {
  description = "The cluster to deploy to."
  value       = module.platform.cluster
}

output "kubernetes" {
  description = "Values for the Kubernetes manifests of this environment."
  value       = module.platform.kubernetes
}

output "base_url" {
  description = "URL of the platform."
  value       = module.platform.base_url
}

output "github_variables" {
  description = "Variables of the GitHub environment of this name."
  value       = module.platform.github_variables
}
