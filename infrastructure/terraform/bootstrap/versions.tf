terraform {
  # 1.11 brought write-only arguments, by which no password gets into the state.
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

  # `make cloud-up` names the bucket and the prefix.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # Calls are counted against this project, which the budgets' API insists on. So the services that are asked while planning
  # have to be enabled in it before the first plan; `make cloud-up` does.
  billing_project       = var.project_id
  user_project_override = true

  default_labels = {
    app        = "mlp"
    managed-by = "terraform"
  }
}
