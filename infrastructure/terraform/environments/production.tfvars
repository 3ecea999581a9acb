# Values of production that are the same for every owner. Yours, such as the project, go into production.owner.tfvars.
environment = "production"

# A standby in a second zone.
database = {
  tier              = "db-custom-1-3840"
  availability_type = "REGIONAL"
  disk_gb           = 20
  disk_limit_gb     = 100
  backups           = 14
}
