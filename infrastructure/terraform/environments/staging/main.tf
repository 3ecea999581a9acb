# The staging environment: sizes and names; what it consists of is the module, the same for both.

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

  # The bucket comes from `make cloud-up`: -backend-config=bucket=...
  backend "gcs" {
    prefix = "staging"
  }
}

provider "google" {
  project = var.project_id
  region  = var.region

  default_labels = {
    app         = "mlp"
    environment = "staging"
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
  source = "../../modules/platform"

  environment         = "staging"
  project_id          = var.project_id
  region              = var.region
  domain              = var.domain
  zones               = local.shared.zones
  deployer            = local.shared.deployers["staging"]
  image_repository    = local.shared.image_repository
  deletion_protection = var.deletion_protection

  database_password_version = var.database_password_version

  # The smallest there is, and one zone: what staging must not be is expensive.
  database = {
    tier              = "db-f1-micro"
    availability_type = "ZONAL"
    disk_gb           = 10
    disk_limit_gb     = 20
    backups           = 3
  }
}
