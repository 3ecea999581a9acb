# Tests what every environment must guarantee. Google is mocked: the tests need no account and take seconds.

mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
  # Google would generate these values. The provider checks their form, so the mock needs valid ones.
  mock_resource "google_compute_network" {
    defaults = {
      id = "projects/mlp-staging-1/global/networks/mlp-staging"
    }
  }
  mock_resource "google_service_account" {
    defaults = {
      member = "serviceAccount:mlp-staging-nodes@mlp-staging-1.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_certificate_manager_dns_authorization" {
    defaults = {
      dns_resource_record = [{ name = "_acme-challenge.staging.example.org.", type = "CNAME", data = "1.authorize.certificatemanager.goog." }]
    }
  }
  mock_resource "google_compute_global_address" {
    defaults = {
      address = "203.0.113.7"
    }
  }
}

variables {
  environment      = "staging"
  project_id       = "mlp-staging-1"
  deployer         = "mlp-deployer-staging@mlp-shared-1.iam.gserviceaccount.com"
  image_repository = { project = "mlp-shared-1", location = "us-central1", name = "mlp" }
  zones            = { project = "mlp-shared-1", names = { "staging.example.org" = "mlp-staging-example-org" } }
  database = {
    tier              = "db-f1-micro"
    availability_type = "ZONAL"
    disk_gb           = 10
    disk_limit_gb     = 20
    backups           = 3
  }
}

run "nothing_is_reachable_from_the_internet_but_the_load_balancer" {
  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].ipv4_enabled == false
    error_message = "The database has a public address."
  }
  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "The database accepts connections without TLS."
  }
  assert {
    condition     = google_container_cluster.this.private_cluster_config[0].enable_private_nodes
    error_message = "Nodes have public addresses."
  }
  assert {
    condition     = google_container_cluster.this.control_plane_endpoints_config[0].ip_endpoints_config[0].enabled == false
    error_message = "The control plane has a public address."
  }
}

run "data_survives_mistakes" {
  assert {
    condition     = google_sql_database_instance.this.settings[0].backup_configuration[0].enabled && google_sql_database_instance.this.settings[0].backup_configuration[0].point_in_time_recovery_enabled
    error_message = "There are no backups, or no recovery to a point in time."
  }
  assert {
    condition     = google_sql_database_instance.this.settings[0].backup_configuration[0].transaction_log_retention_days == 2
    error_message = "Google requires fewer days of transaction logs than there are backups."
  }
  assert {
    condition     = google_sql_database_instance.this.deletion_protection && google_sql_database_instance.this.settings[0].deletion_protection_enabled && google_container_cluster.this.deletion_protection
    error_message = "The database or the cluster can be deleted by accident."
  }
}

run "only_the_api_and_the_migration_read_the_secret" {
  assert {
    condition = toset([for grant in google_secret_manager_secret_iam_member.workloads : grant.member]) == toset([
      "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mlp-staging-1.svc.id.goog/subject/ns/mlp-staging/sa/api",
      "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mlp-staging-1.svc.id.goog/subject/ns/mlp-staging/sa/migrate",
    ])
    error_message = "Exactly the service accounts api and migrate must be able to read the database's secret."
  }
}

run "names_match_the_manifests" {
  assert {
    condition = alltrue([
      google_container_cluster.this.name == "mlp-staging",
      google_secret_manager_secret.database_url.secret_id == "mlp-staging-database-url",
      google_compute_global_address.gateway.name == "mlp-staging-gateway",
    ])
    error_message = "The manifests in infrastructure/kubernetes use other names."
  }
}

run "deleted_resources_can_be_created_again_at_once" {
  assert {
    condition     = google_sql_database_instance.this.name == "mlp-staging-${random_id.database.hex}"
    error_message = "Google blocks the name of a deleted database for a week."
  }
  assert {
    condition     = google_project_iam_custom_role.rights.role_id == "mlp_staging_rights_${random_id.rights.hex}"
    error_message = "Google blocks the name of a deleted role for more than a month."
  }
}

run "without_a_domain_there_is_an_address" {
  assert {
    condition     = output.github_variables.BASE_URL == "http://203.0.113.7" && output.github_variables.DOMAIN == "203.0.113.7"
    error_message = "Without a domain, the URL must be the load balancer's address."
  }
  assert {
    condition     = length(google_dns_record_set.gateway) == 0 && output.kubernetes.certificate_map == null
    error_message = "There must be no DNS record and no certificate without a domain."
  }
}

run "with_a_domain_there_are_a_record_and_a_certificate" {
  variables {
    domain = "staging.example.org"
  }
  assert {
    condition     = output.base_url == "https://staging.example.org" && output.kubernetes.certificate_map == "mlp-staging"
    error_message = "With a domain, the URL must be https:// and the domain."
  }
  assert {
    condition     = google_dns_record_set.gateway["staging.example.org"].rrdatas == tolist(["203.0.113.7"])
    error_message = "The domain does not resolve to the load balancer."
  }
  assert {
    condition = alltrue([
      for record in [google_dns_record_set.gateway["staging.example.org"], google_dns_record_set.authorization["staging.example.org"]] :
      record.project == "mlp-shared-1" && record.managed_zone == "mlp-staging-example-org"
    ])
    error_message = "The records are not in the zone that bootstrap created."
  }
}

run "a_subdomain_of_a_zone_is_in_it" {
  variables {
    domain = "www.staging.example.org"
  }
  assert {
    condition     = google_dns_record_set.gateway["www.staging.example.org"].managed_zone == "mlp-staging-example-org"
    error_message = "The record is in no zone."
  }
}

run "a_domain_without_a_zone_is_refused" {
  command = plan
  variables {
    domain = "notstaging.example.org"
  }
  expect_failures = [var.domain]
}

run "an_environment_that_does_not_exist_is_refused" {
  command = plan
  variables {
    environment = "test"
  }
  expect_failures = [var.environment]
}

run "a_disk_without_limit_is_refused" {
  command = plan
  variables {
    database = { tier = "db-f1-micro", availability_type = "ZONAL", disk_gb = 10, disk_limit_gb = 0, backups = 3 }
  }
  expect_failures = [var.database]
}

run "logs_are_kept_for_at_most_a_week" {
  command = plan
  variables {
    database = { tier = "db-f1-micro", availability_type = "ZONAL", disk_gb = 10, disk_limit_gb = 20, backups = 14 }
  }
  assert {
    condition     = google_sql_database_instance.this.settings[0].backup_configuration[0].transaction_log_retention_days == 7
    error_message = "The Enterprise edition keeps logs for 1 to 7 days."
  }
}

run "a_single_backup_is_refused" {
  command = plan
  variables {
    database = { tier = "db-f1-micro", availability_type = "ZONAL", disk_gb = 10, disk_limit_gb = 20, backups = 1 }
  }
  expect_failures = [var.database]
}

run "a_malformed_domain_is_refused" {
  command = plan
  variables {
    domain = "https://staging.example.org/"
  }
  expect_failures = [var.domain]
}
