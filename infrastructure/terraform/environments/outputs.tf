output "cluster" {
  description = "Where the deployment goes."
  value       = module.platform.cluster
}

output "kubernetes" {
  description = "What the manifests of this environment are filled in with."
  value       = module.platform.kubernetes
}

output "base_url" {
  description = "Where the platform answers."
  value       = module.platform.base_url
}

output "github_variables" {
  description = "Variables of the GitHub environment of this name."
  value       = module.platform.github_variables
}
