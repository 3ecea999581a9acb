variable "project_id" {
  description = "The project that holds what both environments share: images, identities, the state."
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
  description = "Its number. A name can change hands, a number cannot: gh api repos/OWNER/NAME --jq .id"
  type        = number

  validation {
    condition     = var.repository_id > 0 && floor(var.repository_id) == var.repository_id
    error_message = "The repository's number, as in: gh api repos/OWNER/NAME --jq .id"
  }
}

variable "billing_account" {
  description = "The account that pays, as 012345-6789AB-CDEF01; its administrators get the budget's mails."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-F]{6}(-[0-9A-F]{6}){2}$", var.billing_account))
    error_message = "A billing account looks like 012345-6789AB-CDEF01: gcloud billing accounts list"
  }
}

variable "budget" {
  description = "Spending a month at which the budget's alerts count as 100 %; it stops nothing by itself."
  # Google refuses a currency that is not the billing account's, and takes that one where none is said.
  type = object({
    currency = optional(string)
    units    = optional(number, 100)
  })
  default = {}

  validation {
    condition     = var.budget.currency == null || can(regex("^[A-Z]{3}$", var.budget.currency))
    error_message = "The currency, if it is said, is that of the billing account, such as EUR."
  }
  validation {
    condition     = var.budget.units >= 1
    error_message = "The amount is 1 or more."
  }
}

variable "zones" {
  description = "Domain names to keep the DNS of; the `domain` of an environment is one of them, or below one. Each costs some cents a month."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.zones : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", name)) && length(name) <= 59])
    error_message = "A zone is a host name in lower case, of 59 characters at most, without a dot at the end."
  }
  validation {
    condition     = alltrue([for pair in setproduct(var.zones, var.zones) : !endswith(pair[0], ".${pair[1]}")])
    error_message = "A zone is a part of another one: leave the smaller out."
  }
}

variable "environment_projects" {
  description = "The project of each environment: the budget watches them. The same one twice is fine."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.environment_projects) : contains(["staging", "production"], name)])
    error_message = "The environments are staging and production."
  }
}
