# Tests which jobs get an identity, and the validation of variables. Google is mocked: the tests need no account and take seconds.

mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
  mock_resource "google_artifact_registry_repository" {
    defaults = {
      name = "mlp"
    }
  }
  # Google would generate these values. The provider checks their form, so the mock needs valid ones.
  mock_resource "google_iam_workload_identity_pool" {
    defaults = {
      name = "projects/123456789012/locations/global/workloadIdentityPools/github-1"
    }
  }
  mock_resource "google_service_account" {
    defaults = {
      name   = "projects/mlp-shared-1/serviceAccounts/mlp-ci@mlp-shared-1.iam.gserviceaccount.com"
      email  = "mlp-ci@mlp-shared-1.iam.gserviceaccount.com"
      member = "serviceAccount:mlp-ci@mlp-shared-1.iam.gserviceaccount.com"
    }
  }
}

variables {
  project_id           = "mlp-shared-1"
  repository_id        = 123456789
  billing_account      = "012345-6789AB-CDEF01"
  environment_projects = { staging = "mlp-staging-1", production = "mlp-production-1" }
}

run "only_our_repository_gets_in" {
  assert {
    condition     = google_iam_workload_identity_pool_provider.repository.attribute_condition == "assertion.repository_id == '123456789'"
    error_message = "Every repository of GitHub could ask for an identity."
  }
}

run "main_publishes_and_each_environment_deploys_only_itself" {
  assert {
    condition = {
      for name, grant in google_service_account_iam_member.ci : name => split("/attribute.job/", grant.member)[1]
      } == {
      publisher           = "main"
      deployer-staging    = "staging"
      deployer-production = "production"
    }
    error_message = "A job can use the service account of another job."
  }
  assert {
    condition     = strcontains(google_iam_workload_identity_pool_provider.repository.attribute_mapping["attribute.job"], "assertion.sub.endsWith(':environment:production') ? 'production'")
    error_message = "Production's jobs must be recognized by the end of their subject, which is the same for old and new repositories."
  }
}

run "one_writer_of_images" {
  assert {
    condition     = google_artifact_registry_repository_iam_member.publisher.role == "roles/artifactregistry.writer"
    error_message = "The publisher needs to write images, and nothing more."
  }
}

run "images_that_production_may_run_are_not_deleted" {
  assert {
    condition = alltrue([
      for policy in google_artifact_registry_repository.images.cleanup_policies :
      tonumber(trimsuffix(one(policy.condition).older_than, "s")) >= 90 * 24 * 3600 if policy.action == "DELETE"
    ])
    error_message = "The registry could delete an image that production runs: staging's list of releases is kept for 90 days."
  }
}

run "the_budget_includes_costs_that_credits_pay" {
  assert {
    condition     = google_billing_budget.monthly.budget_filter[0].credit_types_treatment == "EXCLUDE_ALL_CREDITS"
    error_message = "No alert would come before the credit is used up."
  }
  assert {
    condition     = output.github_variables.IMAGE_REPOSITORY == "us-central1-docker.pkg.dev/mlp-shared-1/mlp"
    error_message = "The pipeline would push the images somewhere else."
  }
}

run "an_invalid_currency_is_refused" {
  command = plan
  variables {
    budget = { currency = "dollars" }
  }
  expect_failures = [var.budget]
}

run "the_budget_can_name_the_currency_of_the_account" {
  variables {
    budget = { currency = "EUR", units = 90 }
  }
  assert {
    condition     = google_billing_budget.monthly.amount[0].specified_amount[0].currency_code == "EUR"
    error_message = "The budget does not use the given currency."
  }
}

run "environments_get_the_zone_of_their_domain" {
  variables {
    zones = ["staging.example.org"]
  }
  assert {
    condition = output.zones == {
      project = "mlp-shared-1"
      names   = { "staging.example.org" = "mlp-staging-example-org" }
    }
    error_message = "An environment would look for the zone of its domain elsewhere."
  }
  assert {
    condition     = tolist(keys(output.name_servers)) == tolist(["staging.example.org"])
    error_message = "Without the name servers, nobody can delegate the zone."
  }
}

run "a_zone_that_is_not_a_host_name_is_refused" {
  command = plan
  variables {
    zones = ["https://staging.example.org/"]
  }
  expect_failures = [var.zones]
}

run "a_zone_inside_another_is_refused" {
  command = plan
  variables {
    zones = ["example.org", "staging.example.org"]
  }
  expect_failures = [var.zones]
}

run "a_name_instead_of_a_number_is_refused" {
  command = plan
  variables {
    repository_id = 0
  }
  expect_failures = [var.repository_id]
}

run "an_unknown_environment_is_refused" {
  command = plan
  variables {
    environment_projects = { test = "mlp-test-1" }
  }
  expect_failures = [var.environment_projects]
}
