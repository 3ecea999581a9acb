variable "environment" {
  description = "staging or production: part of every name, and of the Kubernetes namespace."
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "The environment is staging or production."
  }
}

variable "project_id" {
  description = "The project of this environment. With separate projects, staging's deployer has no rights in production."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "Region of the cluster and the database."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like us-central1."
  }
}

variable "network" {
  description = "Address ranges of nodes, Pods, Services and Google's managed services. They must not overlap."
  type = object({
    nodes    = optional(string, "10.10.0.0/20")
    pods     = optional(string, "10.20.0.0/16")
    services = optional(string, "10.30.0.0/20")
    managed  = optional(string, "10.40.0.0/20")
  })
  default = {}

  validation {
    condition     = alltrue([for range in values(var.network) : can(cidrhost(range, 0))])
    error_message = "Each range looks like 10.10.0.0/20."
  }
}

variable "database" {
  description = "Size and availability of PostgreSQL. REGIONAL adds a standby in another zone and doubles the price."
  type = object({
    tier              = string
    availability_type = string
    disk_gb           = number
    disk_limit_gb     = number
    backups           = number
  })

  validation {
    condition     = contains(["ZONAL", "REGIONAL"], var.database.availability_type)
    error_message = "The availability type is ZONAL or REGIONAL."
  }
  validation {
    condition     = can(regex("^db-(f1-micro|g1-small|custom-[0-9]+-[0-9]+)$", var.database.tier))
    error_message = "The tier is db-f1-micro, db-g1-small or db-custom-CPUS-MEGABYTES."
  }
  validation {
    condition     = var.database.disk_gb >= 10 && var.database.disk_gb <= var.database.disk_limit_gb
    error_message = "disk_gb is at least 10, and disk_limit_gb is at least disk_gb: 0 would mean growth without a limit."
  }
  validation {
    condition     = var.database.backups >= 2 && var.database.backups <= 365
    error_message = "backups is between 2 and 365: point-in-time recovery needs more backups than it has days of logs."
  }
}

variable "database_password_version" {
  description = "Increase it to generate a new password, in the database and in Secret Manager."
  type        = number
  default     = 1

  validation {
    condition     = var.database_password_version >= 1 && floor(var.database_password_version) == var.database_password_version
    error_message = "The version is a whole number and at least 1."
  }
}

variable "workloads" {
  description = "Kubernetes service accounts that reach the database and read its secret."
  type        = set(string)
  default     = ["api", "migrate"]

  validation {
    condition     = length(var.workloads) > 0 && alltrue([for name in var.workloads : can(regex("^[a-z0-9-]{1,63}$", name))])
    error_message = "Give at least one Kubernetes service account; each name has 1 to 63 lower-case letters, digits and hyphens."
  }
}

variable "domain" {
  description = "The host name, such as staging.example.org, in one of the zones; null: no domain, and so no certificate."
  type        = string
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "The domain is a host name in lower case, without a scheme or a trailing dot."
  }
  validation {
    condition     = var.domain == null || anytrue([for name in keys(var.zones.names) : endswith(".${coalesce(var.domain, "-")}", ".${name}")])
    error_message = "The domain is in none of the zones: add it to `zones` in bootstrap/terraform.tfvars, then apply bootstrap (`make cloud-up` does)."
  }
}

variable "zones" {
  description = "DNS zones (output of bootstrap): their project, and a map from domain name to zone name."
  type = object({
    project = string
    names   = map(string)
  })
}

variable "deployer" {
  description = "E-mail address of the service account that deploys (output of bootstrap)."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$", var.deployer))
    error_message = "The deployer looks like NAME@PROJECT.iam.gserviceaccount.com."
  }
}

variable "image_repository" {
  description = "The registry of the images (output of bootstrap)."
  type = object({
    project  = string
    location = string
    name     = string
  })
}

variable "deletion_protection" {
  description = "true: the cluster and the database cannot be deleted. `make cloud-down` sets it to false first."
  type        = bool
  default     = true
}
