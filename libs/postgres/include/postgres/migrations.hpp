// Schema changes as numbered SQL files, applied once each, in order.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <base/task.hpp>
#include <base/time.hpp>

namespace postgres {

class QueryRunner;

/// One file, such as 0001_create_items.sql.
struct Migration {
    int version = 0;
    std::string name;      ///< "create_items"
    std::string sql;       ///< any number of statements
    std::string checksum;  ///< SHA-256 of the file, in hexadecimal
    /// From the file's line `-- requires-code: NNNN`: once this is applied, only programs that know
    /// migration NNNN work with the database. 0, without the line: every older program still does.
    int requires_code = 0;
};

/// A service's migrations, ordered by version: 1, 2, 3, ... without a gap.
class Migrations {
public:
    /// Reads every NNNN_name.sql of a directory (name: a-z, 0-9, _). Throws base::ConfigError for a
    /// .sql file with another name, a gap, a version that occurs twice, an unreadable file, a
    /// `requires-code` that is not a version up to the file's own, or a directory without
    /// migrations. Other files are ignored.
    [[nodiscard]] static Migrations load(const std::filesystem::path& directory);

    explicit Migrations(std::vector<Migration> migrations);

    [[nodiscard]] const std::vector<Migration>& all() const noexcept { return migrations_; }

private:
    std::vector<Migration> migrations_;
};

/// Where one migration stands.
struct MigrationStatus {
    enum class State {
        kApplied,
        kPending,          ///< migrate() would apply it
        kChecksumDiffers,  ///< the file was changed after it had been applied
        kMissingFile,      ///< applied, but not among the files: by a newer release
    };
    int version = 0;
    std::string name{};
    State state = State::kPending;
    std::optional<base::Timestamp> applied_at{};
    int requires_code = 0;  ///< see Migration
};

/// Says if a program that knows certain migrations can work with a database.
enum class SchemaState {
    kUsable,  ///< all of them are applied, and none that is newer objects
    kBehind,  ///< some are not applied, or differ: migrate first
    kTooNew,  ///< a newer release has taken away what this program uses (requires_code)
};

struct MigrateOptions {
    /// How long to wait for a database that does not accept connections yet: no server answers, or
    /// it is starting or has too many connections. What waiting cannot cure, such as a database
    /// that does not exist or a wrong password, fails at once.
    std::chrono::milliseconds database_wait{30000};
    /// How long to wait for another migrator to finish.
    std::chrono::milliseconds lock_wait{60000};
    /// How long a migration may wait for a table: everybody else queues behind it meanwhile.
    std::chrono::milliseconds table_lock_wait{10000};
    /// Told of each migration once it is committed.
    std::function<void(const Migration& applied, std::chrono::milliseconds took)> on_applied = {};
};

/// Brings the database to the newest version and returns the number of applied migrations. Blocks;
/// uses its own connection. An advisory lock lets only one migrator run, so any number may start at
/// the same time. Each file is one transaction together with its record in the table
/// schema_migrations(version, name, checksum, applied_at, requires_code), so a file must not
/// contain begin, commit, or anything that PostgreSQL refuses inside a transaction.
///
/// Throws base::ConfigError if an applied file has changed or is missing, QueryError if a file
/// fails (earlier ones stay applied), base::Unavailable if the database is down or refuses the
/// connection, or if it cannot get the lock. A database that is newer than `migrations` belongs to
/// a newer release that is being deployed. It is accepted unless it is SchemaState::kTooNew, which
/// throws base::ConfigError.
int migrate(const std::string& url, const Migrations& migrations,
            const MigrateOptions& options = {});

/// Every migration that is known here or applied there, by version; changes nothing. Throws
/// base::Unavailable like migrate().
[[nodiscard]] std::vector<MigrationStatus> migration_status(const std::string& url,
                                                            const Migrations& migrations);

/// For the readiness probe. Throws base::Unavailable if the database is down.
[[nodiscard]] base::Task<SchemaState> check_schema(QueryRunner& database,
                                                   const Migrations& migrations);

}  // namespace postgres
