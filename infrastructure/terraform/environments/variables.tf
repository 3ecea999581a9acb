# What differs between the environments (NAME.tfvars) and between owners (NAME.owner.tfvars). The module checks them.

variable "environment" {
  description = "staging or production."
  type        = string
}

variable "database" {
  description = "Size and safety of PostgreSQL."
  type = object({
    tier              = string
    availability_type = string
    disk_gb           = number
    disk_limit_gb     = number
    backups           = number
  })
}

variable "state_bucket" {
  description = "The bucket that holds the Terraform states; `make cloud-up` passes it."
  type        = string
}

variable "project_id" {
  description = "The Google Cloud project of this environment."
  type        = string
}

variable "region" {
  description = "Region of the cluster and the database."
  type        = string
  default     = "us-central1"
}

variable "domain" {
  description = "The host name of this environment, in one of bootstrap's zones, or null for none."
  type        = string
  default     = null
}

variable "database_password_version" {
  description = "Increase it to generate a new password, in the database and in Secret Manager."
  type        = number
  default     = 1
}

variable "deletion_protection" {
  description = "true: the cluster and the database cannot be deleted. `make cloud-down` sets it to false."
  type        = bool
  default     = true
}
