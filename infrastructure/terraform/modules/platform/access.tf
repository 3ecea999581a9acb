# Rights of workloads and of the deployer. IAM names a workload directly, by its namespace and its Kubernetes service
# account, so it needs no Google service account and no key.

locals {
  workloads = {
    for name in var.workloads : name => join("/", [
      "principal://iam.googleapis.com/projects/${data.google_project.this.number}",
      "locations/global/workloadIdentityPools/${var.project_id}.svc.id.goog",
      "subject/ns/${local.namespace}/sa/${name}",
    ])
  }

  # To change objects in the cluster, and to read the metrics that decide on a rollout.
  deployer_roles = toset(["roles/container.developer", "roles/monitoring.viewer"])
}

resource "google_secret_manager_secret_iam_member" "workloads" {
  for_each = local.workloads

  secret_id = google_secret_manager_secret.database_url.id
  role      = "roles/secretmanager.secretAccessor"
  member    = each.value

  # Google creates the identity pool together with the project's first cluster.
  depends_on = [google_container_cluster.this]
}

resource "google_project_iam_member" "workloads" {
  for_each = local.workloads

  project = var.project_id
  role    = "roles/cloudsql.client"
  member  = each.value

  depends_on = [google_container_cluster.this]
}

# Google blocks the name of a deleted role for more than a month. With a random suffix, a new role can be created at once.
resource "random_id" "rights" {
  byte_length = 3
}

# The manifests contain RBAC roles (Traefik may list routes), which roles/container.developer may not create.
# roles/container.admin may, but it may also delete the cluster.
resource "google_project_iam_custom_role" "rights" {
  role_id     = "mlp_${var.environment}_rights_${random_id.rights.hex}"
  title       = "Rights inside ${local.name}"
  description = "Creates and changes Roles and their bindings in clusters"
  permissions = [
    for permission in setproduct(
      ["roles", "clusterRoles", "roleBindings", "clusterRoleBindings"],
      ["create", "get", "list", "update", "bind", "escalate"],
    ) : "container.${permission[0]}.${permission[1]}"
    # `bind` and `escalate` exist for roles, not for bindings.
    if !(endswith(permission[0], "Bindings") && contains(["bind", "escalate"], permission[1]))
  ]
}

resource "google_project_iam_member" "deployer_rights" {
  project = var.project_id
  role    = google_project_iam_custom_role.rights.name
  member  = "serviceAccount:${var.deployer}"
}

resource "google_project_iam_member" "deployer" {
  for_each = local.deployer_roles

  project = var.project_id
  role    = each.value
  member  = "serviceAccount:${var.deployer}"
}

# To verify the signatures, which are stored beside the images.
resource "google_artifact_registry_repository_iam_member" "deployer" {
  project    = var.image_repository.project
  location   = var.image_repository.location
  repository = var.image_repository.name
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${var.deployer}"
}
