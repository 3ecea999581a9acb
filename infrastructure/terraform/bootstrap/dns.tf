# The DNS zones are here because they must outlive the environments. Each new zone gets other name servers, and resolvers cache
# the old ones for days: if a zone were deleted with its environment, its domain would not resolve after the next creation.

resource "google_dns_managed_zone" "this" {
  for_each = var.zones

  name        = "mlp-${replace(each.value, ".", "-")}"
  dns_name    = "${each.value}."
  description = "Microservices learning platform"

  dnssec_config {
    state = "on"
  }

  depends_on = [google_project_service.apis]
}
