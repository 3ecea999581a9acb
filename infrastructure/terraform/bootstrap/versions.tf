terraform {
  # Since 1.11 there are write-only arguments, which keep passwords out of the state.
  required_version = ">= 1.11.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  # `make cloud-up` passes the bucket and the prefix.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # The API for budgets requires a quota project. Google then expects every API that a plan calls to be enabled in that
  # project; `make cloud-up` enables them before the first plan.
  billing_project       = var.project_id
  user_project_override = true

  default_labels = {
    app        = "mlp"
    managed-by = "terraform"
  }
}
