# Nodes and Pods have private addresses. They reach the internet through Cloud NAT; only the load balancer reaches them.

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
  # Reaches Google's services, such as the image registry, without the internet.
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

# Nodes have no public address: they need NAT to pull images from other registries (Traefik).
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

# Cloud SQL runs in a network that Google manages and peers with ours; it takes its addresses from this range.
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
  # Google refuses to delete the connection for days after the last database is deleted. Terraform abandons it instead,
  # and its peering remains. A network with a peering cannot be deleted, so `make cloud-down` removes the peering first.
  deletion_policy = "ABANDON"
  # Google may still know the connection of an earlier network with the same name: then update it instead.
  update_on_creation_fail = true
}
