# The address of the load balancer; with a domain, also a DNS record and a certificate that Google renews. Google checks the
# domain by a DNS record, so the certificate can be ready before the first request. The zone is defined in bootstrap.

resource "google_compute_global_address" "gateway" {
  name = "${local.name}-gateway"

  depends_on = [google_project_service.apis]
}

locals {
  with_domain = var.domain == null ? toset([]) : toset([var.domain])
  base_url    = var.domain == null ? "http://${google_compute_global_address.gateway.address}" : "https://${var.domain}"

  # The zone whose name is the domain or a parent of it.
  zones = {
    for domain in local.with_domain : domain => one([for name, zone in var.zones.names : zone if endswith(".${domain}", ".${name}")])
  }
}

resource "google_dns_record_set" "gateway" {
  for_each = local.with_domain

  project      = var.zones.project
  managed_zone = local.zones[each.key]
  name         = "${each.value}."
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.gateway.address]
}

resource "google_certificate_manager_dns_authorization" "this" {
  for_each = local.with_domain

  name   = local.name
  domain = each.value

  depends_on = [google_project_service.apis]
}

resource "google_dns_record_set" "authorization" {
  for_each = local.with_domain

  project      = var.zones.project
  managed_zone = local.zones[each.key]
  name         = google_certificate_manager_dns_authorization.this[each.key].dns_resource_record[0].name
  type         = google_certificate_manager_dns_authorization.this[each.key].dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.this[each.key].dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "this" {
  for_each = local.with_domain

  name = local.name
  managed {
    domains            = [each.value]
    dns_authorizations = [google_certificate_manager_dns_authorization.this[each.key].id]
  }
}

resource "google_certificate_manager_certificate_map" "this" {
  for_each = local.with_domain

  name = local.name

  depends_on = [google_project_service.apis]
}

resource "google_certificate_manager_certificate_map_entry" "this" {
  for_each = local.with_domain

  name         = local.name
  map          = google_certificate_manager_certificate_map.this[each.key].name
  certificates = [google_certificate_manager_certificate.this[each.key].id]
  hostname     = each.value
}
