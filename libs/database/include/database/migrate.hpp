// The commands of a service that keep its schema up to date.
#pragma once

#include <string>

#include <database/database.hpp>

namespace database {

/// `migrate`: brings the schema up to date and logs what it did. Returns the exit status.
[[nodiscard]] int migrate(const Config& config);

struct MigrationReport {
    std::string text;      ///< a line for each migration: version, state, time, name
    bool current = false;  ///< nothing is pending or differs
};
/// Changes nothing.
[[nodiscard]] MigrationReport migration_status(const Config& config);

/// `migrate --status`: prints the report. Returns the exit status: 0 if the schema is current.
[[nodiscard]] int print_migration_status(const Config& config);

}  // namespace database
