# One environment: a network, a cluster, a database, a secret, an address, and the rights to use them.

locals {
  name      = "mlp-${var.environment}"
  namespace = local.name

  apis = toset([
    "certificatemanager.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "container.googleapis.com",
    "dns.googleapis.com",
    "iam.googleapis.com",
    "monitoring.googleapis.com",
    "secretmanager.googleapis.com",
    "servicenetworking.googleapis.com",
    "sqladmin.googleapis.com",
  ])
}

resource "google_project_service" "apis" {
  for_each = local.apis

  service = each.value
  # Something else in the project may also use the API.
  disable_on_destroy = false
}

data "google_project" "this" {
  depends_on = [google_project_service.apis]
}
