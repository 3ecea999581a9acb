# Tests the values of each environment: `make cloud-check` runs this with staging.tfvars, then with production.tfvars.
# Google is mocked.

mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}

override_data {
  target = data.terraform_remote_state.bootstrap
  values = {
    outputs = {
      zones            = { project = "mlp-shared-1", names = {} }
      image_repository = { project = "mlp-shared-1", location = "us-central1", name = "mlp" }
      deployers = {
        staging    = "mlp-deployer-staging@mlp-shared-1.iam.gserviceaccount.com"
        production = "mlp-deployer-production@mlp-shared-1.iam.gserviceaccount.com"
      }
    }
  }
}

variables {
  project_id   = "mlp-environment-1"
  state_bucket = "mlp-shared-1-mlp-state"
}

run "the_module_accepts_the_values" {
  command = plan

  assert {
    condition     = output.cluster.name == "mlp-${var.environment}"
    error_message = "The cluster is not named after the environment."
  }
  assert {
    condition     = var.environment != "production" || var.database.availability_type == "REGIONAL"
    error_message = "Production has no standby of its database."
  }
}
