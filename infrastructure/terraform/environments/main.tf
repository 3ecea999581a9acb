# One environment: the values of staging.tfvars or production.tfvars; what it consists of is the module.

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

  # `make cloud-up` names the bucket and the prefix: a state for each environment.
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

# What bootstrap made: the registry, the DNS zones, and the identity that may deploy here.
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
