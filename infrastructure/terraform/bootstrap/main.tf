# What both environments share. Applied once, by a person; the workflows only use it.

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
  # Something else in the project may use it too.
  disable_on_destroy = false
}

# --- Images ------------------------------------------------------------------------------------
# One registry for both environments: what production runs is byte for byte what staging ran.
resource "google_artifact_registry_repository" "images" {
  repository_id = "mlp"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the microservices learning platform"

  # Age says nothing about use: production may run for months what main has long gone on from, and a node that is made
  # anew pulls it again. So what is removed is far older than any release, and far down the list.
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

  # Trivy scans in the pipeline; Google's scanner costs by the image.
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
    # The free trial's credit is not spent money, but it runs out: count as if it were.
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
