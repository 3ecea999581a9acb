# What staging is. What differs from one owner to the next is in staging.owner.tfvars.
environment = "staging"

# The smallest there is, and one zone: staging must not be expensive.
database = {
  tier              = "db-f1-micro"
  availability_type = "ZONAL"
  disk_gb           = 10
  disk_limit_gb     = 20
  backups           = 3
}
