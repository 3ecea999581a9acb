# Resources that both environments share. A person applies this once; the workflows only use it.

locals {
  apis = toset([
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "cloudbilling.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "dns.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "sts.googleapis.com",
  ])
}

resource "google_project_service" "apis" {
  for_each = local.apis

  service = each.value
  # Something else in the project may also use the API.
  disable_on_destroy = false
}

# --- Images ------------------------------------------------------------------------------------
# One registry for both environments: production runs exactly the images that staging ran.
resource "google_artifact_registry_repository" "images" {
  repository_id = "mlp"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the microservices learning platform"

  # Production may run an old image for months, and a new node has to pull it again. So only images that are older than
  # any release and not among the newest are deleted.
  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 100
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "31536000s" # a year
    }
  }

  # Trivy already scans in the pipeline; Google charges for each image that it scans.
  vulnerability_scanning_config {
    enablement_config = "DISABLED"
  }

  depends_on = [google_project_service.apis]
}

# --- Alerts on spending ------------------------------------------------------------------------
data "google_project" "environments" {
  for_each = toset(concat([var.project_id], values(var.environment_projects)))

  project_id = each.value

  depends_on = [google_project_service.apis]
}

resource "google_billing_budget" "monthly" {
  billing_account = var.billing_account
  display_name    = "Microservices learning platform"

  budget_filter {
    projects = [for project in data.google_project.environments : "projects/${project.number}"]
    # Count what the free trial's credit pays as spending: otherwise no alert comes before the credit runs out.
    credit_types_treatment = "EXCLUDE_ALL_CREDITS"
  }

  amount {
    specified_amount {
      currency_code = var.budget.currency
      units         = tostring(var.budget.units)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.25, 0.5, 0.9, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  depends_on = [google_project_service.apis]
}
