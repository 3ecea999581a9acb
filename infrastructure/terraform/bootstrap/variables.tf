variable "project_id" {
  description = "The project of the shared resources: images, identities, the state."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "Where the images are stored."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like us-central1."
  }
}

variable "repository_id" {
  description = "The number of the GitHub repository (gh api repos/OWNER/NAME --jq .id). A name can change hands, a number cannot."
  type        = number

  validation {
    condition     = var.repository_id > 0 && floor(var.repository_id) == var.repository_id
    error_message = "The repository id is a positive whole number. To get it: gh api repos/OWNER/NAME --jq .id"
  }
}

variable "billing_account" {
  description = "The billing account, such as 012345-6789AB-CDEF01. Its administrators get the budget's e-mails."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-F]{6}(-[0-9A-F]{6}){2}$", var.billing_account))
    error_message = "A billing account looks like 012345-6789AB-CDEF01. To list yours: gcloud billing accounts list"
  }
}

variable "budget" {
  description = "Monthly spending that the alerts regard as 100 %. The budget only alerts: it stops nothing."
  # Google refuses any currency but the billing account's, which is also the default.
  type = object({
    currency = optional(string)
    units    = optional(number, 100)
  })
  default = {}

  validation {
    condition     = var.budget.currency == null || can(regex("^[A-Z]{3}$", var.budget.currency))
    error_message = "The currency is a code of three capital letters, such as EUR: that of the billing account. Leave it out to use that one."
  }
  validation {
    condition     = var.budget.units >= 1
    error_message = "The amount is 1 or more."
  }
}

variable "zones" {
  description = "Domain names to create DNS zones for. The `domain` of an environment is one of them or a subdomain. Each zone costs some cents a month."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.zones : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", name)) && length(name) <= 59])
    error_message = "A zone is a host name in lower case, with at most 59 characters and no trailing dot."
  }
  validation {
    condition     = alltrue([for pair in setproduct(var.zones, var.zones) : !endswith(pair[0], ".${pair[1]}")])
    error_message = "One zone is a subdomain of another: remove the subdomain."
  }
}

variable "environment_projects" {
  description = "The project of each environment, for the budget. Both environments may use the same project."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.environment_projects) : contains(["staging", "production"], name)])
    error_message = "The environments are staging and production."
  }
}
