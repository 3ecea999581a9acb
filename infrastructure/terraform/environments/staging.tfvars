# Values of staging that are the same for every owner. Yours, such as the project, go into staging.owner.tfvars.
environment = "staging"

# The smallest tier, in one zone: staging must not be expensive.
database = {
  tier              = "db-f1-micro"
  availability_type = "ZONAL"
  disk_gb           = 10
  disk_limit_gb     = 20
  backups           = 3
}
