# PostgreSQL 16 with a private address, daily backups, and point-in-time recovery.

resource "google_sql_database_instance" "this" {
  # Google blocks the name of a deleted instance for a week. With a random suffix, a new one can be created at once.
  name                = "${local.name}-${random_id.database.hex}"
  database_version    = "POSTGRES_16"
  region              = var.region
  deletion_protection = var.deletion_protection

  settings {
    edition           = "ENTERPRISE"
    tier              = var.database.tier
    availability_type = var.database.availability_type
    disk_type         = "PD_SSD"
    disk_size         = var.database.disk_gb
    # The disk grows automatically, up to a limit that bounds the bill.
    disk_autoresize       = true
    disk_autoresize_limit = var.database.disk_limit_gb
    # Google's own protection, besides Terraform's: it also applies to the console and to gcloud.
    deletion_protection_enabled = var.deletion_protection

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.this.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      start_time                     = "03:00"
      point_in_time_recovery_enabled = true
      # At most a week. Google also requires fewer days than there are backups.
      transaction_log_retention_days = min(7, var.database.backups - 1)
      backup_retention_settings {
        retained_backups = var.database.backups
      }
    }

    maintenance_window {
      day          = 7
      hour         = 4
      update_track = "stable"
    }

    insights_config {
      query_insights_enabled = true
    }

    # For later investigations: log connections, slow statements and waits for locks.
    dynamic "database_flags" {
      for_each = {
        log_checkpoints            = "on"
        log_connections            = "on"
        log_disconnections         = "on"
        log_lock_waits             = "on"
        log_min_duration_statement = "500"
        # A pod of the API has 11 connections (infrastructure/kubernetes/components/autoscaling). During a rollout there
        # are at most 13 pods: 6 new ones, 6 that drain, and a canary. That makes 143 connections. The rest is for
        # PostgreSQL's 3 reserved connections, for Google's own, and for people. The defaults are too low: 25 in the
        # smallest tier, 100 in production's.
        max_connections = "160"
      }
      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }
  }

  # Terraform destroys in the reverse order: `make cloud-down` needs the database to go before the connection.
  depends_on = [google_service_networking_connection.managed_services]

  lifecycle {
    # The disk grows automatically; Terraform must not replace it with a smaller one.
    ignore_changes = [settings[0].disk_size]
  }
}

resource "random_id" "database" {
  byte_length = 3
}

resource "google_sql_database" "this" {
  name     = "mlp_db"
  instance = google_sql_database_instance.this.name
  # PostgreSQL refuses to drop a role that owns tables. Both are deleted together with the instance instead.
  deletion_policy = "ABANDON"
}

# An ephemeral value is in neither the plan nor the state. Each run generates another password, but passes it on only if
# database_password_version has changed. If a run is interrupted after the user and before the secret, the next run writes
# a different password into the secret: increase the version again to set both.
ephemeral "random_password" "database" {
  length = 40
  # The password becomes a part of a URL.
  special = false
}

resource "google_sql_user" "this" {
  name                = "mlp_user"
  instance            = google_sql_database_instance.this.name
  password_wo         = ephemeral.random_password.database.result
  password_wo_version = var.database_password_version
  deletion_policy     = "ABANDON"
}
