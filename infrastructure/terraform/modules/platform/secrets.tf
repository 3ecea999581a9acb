# The only secret of an environment: the URL of the database, with the password.

resource "google_secret_manager_secret" "database_url" {
  secret_id = "${local.name}-database-url"

  replication {
    auto {}
  }

  depends_on = [google_project_service.apis]
}

resource "google_secret_manager_secret_version" "database_url" {
  secret = google_secret_manager_secret.database_url.id
  # The API connects to the auth proxy in its pod, which connects to the database with TLS.
  secret_data_wo = join("", [
    "postgresql://${google_sql_user.this.name}:${ephemeral.random_password.database.result}",
    "@127.0.0.1:5432/${google_sql_database.this.name}",
  ])
  secret_data_wo_version = var.database_password_version
}
