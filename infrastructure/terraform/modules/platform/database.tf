# PostgreSQL 16 with a private address, daily backups, and recovery to any second of the last days.

resource "google_sql_database_instance" "this" {
  # A name is blocked for a week after its instance is deleted; the suffix lets a new one begin at once.
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
    # It grows by itself, up to a limit: a bill is bounded by something.
    disk_autoresize       = true
    disk_autoresize_limit = var.database.disk_limit_gb
    # Google's own switch, beside Terraform's: it also stops the console.
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
      # At most a week, and fewer days than there are backups: Google refuses as many.
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

    # What one has to be able to find out afterwards: who came, what was slow, what waited.
    dynamic "database_flags" {
      for_each = {
        log_checkpoints            = "on"
        log_connections            = "on"
        log_disconnections         = "on"
        log_lock_waits             = "on"
        log_min_duration_statement = "500"
        # Pods of the API have 11 connections each (infrastructure/kubernetes/components/autoscaling). In a rollout each
        # of 6 is replaced, and keeps its own until it has drained, which the next does not wait for; with a canary that
        # is 13 pods at most, or 143. The rest is for PostgreSQL's 3 reserved ones, Google's own, and people who
        # investigate. By default it would be 25 in the smallest tier, and 100 in production's.
        max_connections = "160"
      }
      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }
  }

  # `make cloud-down` relies on it: a plan that destroys the connection destroys the database first.
  depends_on = [google_service_networking_connection.managed_services]

  lifecycle {
    # After the disk has grown automatically, Terraform must not replace it with a smaller one.
    ignore_changes = [settings[0].disk_size]
  }
}

resource "random_id" "database" {
  byte_length = 3
}

resource "google_sql_database" "this" {
  name     = "mlp_db"
  instance = google_sql_database_instance.this.name
  # Its role owns the tables, so the role cannot go first; both go with the instance.
  deletion_policy = "ABANDON"
}

# Ephemeral: exists while Terraform runs, and is in neither the plan nor the state. Each run makes another one, which it gives
# away where the version is new. So after a run that ended between the user and the secret, the next gives the secret a
# password that the user does not have; a raised version gives both the same.
ephemeral "random_password" "database" {
  length = 40
  # It is put into a URL.
  special = false
}

resource "google_sql_user" "this" {
  name                = "mlp_user"
  instance            = google_sql_database_instance.this.name
  password_wo         = ephemeral.random_password.database.result
  password_wo_version = var.database_password_version
  deletion_policy     = "ABANDON"
}
