# Who may do what. Workloads of the cluster are addressed by namespace and service account, directly:
# no Google service account stands between, and none has a key.

locals {
  workloads = {
    for name in var.workloads : name => join("/", [
      "principal://iam.googleapis.com/projects/${data.google_project.this.number}",
      "locations/global/workloadIdentityPools/${var.project_id}.svc.id.goog",
      "subject/ns/${local.namespace}/sa/${name}",
    ])
  }

  # Objects of the cluster, and the metrics by which a roll-out is judged.
  deployer_roles = toset(["roles/container.developer", "roles/monitoring.viewer"])
}

resource "google_secret_manager_secret_iam_member" "workloads" {
  for_each = local.workloads

  secret_id = google_secret_manager_secret.database_url.id
  role      = "roles/secretmanager.secretAccessor"
  member    = each.value

  # The pool of the cluster's identities is there once the first cluster is.
  depends_on = [google_container_cluster.this]
}

resource "google_project_iam_member" "workloads" {
  for_each = local.workloads

  project = var.project_id
  role    = "roles/cloudsql.client"
  member  = each.value

  depends_on = [google_container_cluster.this]
}

# A name is blocked for more than a month after its role is deleted; the suffix lets a new one begin at once.
resource "random_id" "rights" {
  byte_length = 3
}

# The manifests bring rights of their own (Traefik may list routes), which a developer may not give. Not
# roles/container.admin, which may: that one can also remove the cluster.
resource "google_project_iam_custom_role" "rights" {
  role_id     = "mlp_${var.environment}_rights_${random_id.rights.hex}"
  title       = "Rights inside of ${local.name}"
  description = "Creates and changes Roles and their bindings in clusters"
  permissions = [
    for permission in setproduct(
      ["roles", "clusterRoles", "roleBindings", "clusterRoleBindings"],
      ["create", "get", "list", "update", "bind", "escalate"],
    ) : "container.${permission[0]}.${permission[1]}"
    # Only a role can be bound, or be more than its maker has.
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

# To verify the signatures that are kept beside the images.
resource "google_artifact_registry_repository_iam_member" "deployer" {
  project    = var.image_repository.project
  location   = var.image_repository.location
  repository = var.image_repository.name
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${var.deployer}"
}
