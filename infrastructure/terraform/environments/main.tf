# One environment: the module `platform` with the values of staging.tfvars or production.tfvars.

terraform {
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

  # `make cloud-up` passes the bucket and the prefix: each environment has its own state.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  default_labels = {
    app         = "mlp"
    environment = var.environment
    managed-by  = "terraform"
  }
}

# Bootstrap created the registry, the DNS zones and the deployer's identity.
data "terraform_remote_state" "bootstrap" {
  backend = "gcs"

  config = {
    bucket = var.state_bucket
    prefix = "bootstrap"
  }
}

locals {
  shared = data.terraform_remote_state.bootstrap.outputs
}

module "platform" {
  source = "../modules/platform"

  environment         = var.environment
  project_id          = var.project_id
  region              = var.region
  domain              = var.domain
  zones               = local.shared.zones
  deployer            = local.shared.deployers[var.environment]
  image_repository    = local.shared.image_repository
  deletion_protection = var.deletion_protection

  database_password_version = var.database_password_version

  database = var.database
}
