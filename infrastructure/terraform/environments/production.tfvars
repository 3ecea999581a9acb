# What production is. What differs from one owner to the next is in production.owner.tfvars.
environment = "production"

# A standby in a second zone.
database = {
  tier              = "db-custom-1-3840"
  availability_type = "REGIONAL"
  disk_gb           = 20
  disk_limit_gb     = 100
  backups           = 14
}
