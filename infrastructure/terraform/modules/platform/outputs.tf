# Values for the deployment. Scripts read `github_variables` and `kubernetes`.

output "cluster" {
  description = "Arguments for `gcloud container clusters get-credentials --dns-endpoint`."
  value = {
    project  = var.project_id
    location = google_container_cluster.this.location
    name     = google_container_cluster.this.name
  }
}

output "kubernetes" {
  description = "Values for the Kubernetes manifests of this environment."
  value = {
    namespace           = local.namespace
    database_connection = google_sql_database_instance.this.connection_name
    database_address    = google_sql_database_instance.this.private_ip_address
    database_secret     = google_secret_manager_secret.database_url.secret_id
    gateway_address     = google_compute_global_address.gateway.name
    certificate_map     = one([for map in google_certificate_manager_certificate_map.this : map.name])
    hostname            = var.domain
  }
}

output "base_url" {
  description = "URL of the platform once it is deployed."
  value       = local.base_url
}

output "github_variables" {
  description = "Variables of the GitHub environment of this name (docs/cloud.md explains how to set them)."
  value = {
    GCP_PROJECT         = var.project_id
    GKE_LOCATION        = google_container_cluster.this.location
    GKE_CLUSTER         = google_container_cluster.this.name
    DEPLOYER            = var.deployer
    DATABASE_CONNECTION = google_sql_database_instance.this.connection_name
    DOMAIN              = coalesce(var.domain, google_compute_global_address.gateway.address)
    BASE_URL            = local.base_url
  }
}
