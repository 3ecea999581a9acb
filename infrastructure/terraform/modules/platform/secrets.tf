# The one secret of an environment: where the database is, and the password.

resource "google_secret_manager_secret" "database_url" {
  secret_id = "${local.name}-database-url"

  replication {
    auto {}
  }

  depends_on = [google_project_service.apis]
}

resource "google_secret_manager_secret_version" "database_url" {
  secret = google_secret_manager_secret.database_url.id
  # The API speaks to the auth proxy beside it, which speaks TLS to the database.
  secret_data_wo = join("", [
    "postgresql://${google_sql_user.this.name}:${ephemeral.random_password.database.result}",
    "@127.0.0.1:5432/${google_sql_database.this.name}",
  ])
  secret_data_wo_version = var.database_password_version
}
