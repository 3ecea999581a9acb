# A network of our own: nodes and Pods with private addresses, a way out, none in but the load balancer.

resource "google_compute_network" "this" {
  name                    = local.name
  auto_create_subnetworks = false

  depends_on = [google_project_service.apis]
}

resource "google_compute_subnetwork" "nodes" {
  name          = local.name
  network       = google_compute_network.this.id
  region        = var.region
  ip_cidr_range = var.network.nodes
  # Google's services, the image registry among them, are reached without the internet.
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = var.network.pods
  }
  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = var.network.services
  }
}

# What nodes without a public address need to pull images that others publish (Traefik).
resource "google_compute_router" "this" {
  name    = local.name
  network = google_compute_network.this.id
  region  = var.region
}

resource "google_compute_router_nat" "this" {
  name                               = local.name
  router                             = google_compute_router.this.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

# Cloud SQL runs in a network of Google's, which is peered with ours over this range.
resource "google_compute_global_address" "managed_services" {
  name          = "${local.name}-managed-services"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = split("/", var.network.managed)[0]
  prefix_length = tonumber(split("/", var.network.managed)[1])
}

resource "google_service_networking_connection" "managed_services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.managed_services.name]
  # Google refuses to end it for days after the last database is gone. Abandoned, it leaves its peering behind, and no
  # network can be deleted with one: `make cloud-down` removes the peering between the database and the network.
  deletion_policy = "ABANDON"
  # Google remembers the connection of a network of the same name: then it is brought up to date instead of made.
  update_on_creation_fail = true
}
