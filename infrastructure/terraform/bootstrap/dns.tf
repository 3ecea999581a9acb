# Domain names outlive environments. The parent domain names the servers of a zone, each zone has others, and the world keeps
# those of before for days: a zone that went with its environment would be worth little the next morning.

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
