// The subcommands of `api`.
#pragma once

namespace app {

/// Serves until SIGTERM. Returns the exit status.
[[nodiscard]] int serve();

/// Brings the database's schema up to date.
[[nodiscard]] int migrate_database();

/// Prints one line for each migration. Returns 0 if the schema is as this release has it, else 1.
[[nodiscard]] int print_migration_status();

/// Prints the OpenAPI document.
[[nodiscard]] int print_openapi();

/// Checks that the API on this machine answers, for container health checks.
[[nodiscard]] int check_health();

}  // namespace app
