// Applies migrations with blocking calls on its own connection, because a migration runs before the
// service starts.
#include <algorithm>
#include <array>
#include <charconv>
#include <libpq-fe.h>
#include <map>
#include <memory>
#include <regex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <base/errors.hpp>
#include <postgres/errors.hpp>
#include <postgres/migrations.hpp>
#include <postgres/result.hpp>
#include <telemetry/log.hpp>

#include "answer.hpp"
#include "conninfo.hpp"
#include "wire.hpp"

namespace postgres {
namespace {

using Clock = std::chrono::steady_clock;

// "mlpmigra" in ASCII: the advisory lock's key, an arbitrary number that only migrators use.
constexpr std::int64_t kLockKey = 0x6d6c706d69677261;
constexpr std::chrono::milliseconds kRetryPause(100);

struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Handle = std::unique_ptr<PGconn, Finish>;

// True if a failure to connect may be temporary: no server answered, or it said that it is
// starting, stopping or recovering (57P03) or has too many connections (53300). Other answers are
// permanent, such as that the database does not exist. libpq gives the SQLSTATE only inside the
// text of a verbose error, "FATAL:  3D000: ...", but there in every language.
bool may_come_up(PGconn* connection) {
    if (PQconnectionNeedsPassword(connection) != 0) return false;
    static const std::regex kAnswer(":  [0-9A-Z]{5}: ");
    static const std::regex kPassing(":  (57P03|53300): ");
    const char* const message = PQerrorMessage(connection);
    return !std::regex_search(message, kAnswer) || std::regex_search(message, kPassing);
}

Handle connect(const std::string& url, const MigrateOptions& options) {
    Conninfo conninfo(url, "migrate");
    conninfo.set_connect_timeout(std::chrono::seconds(5));
    conninfo.set_option("lock_timeout", std::to_string(options.table_lock_wait.count()));
    const auto deadline = Clock::now() + options.database_wait;
    Handle connection(conninfo.connect());
    const auto failed = [&] { return PQstatus(connection.get()) != CONNECTION_OK; };
    if (failed()) {
        // Errors can be verbose only on an existing connection object, so connect again.
        PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
        PQreset(connection.get());
    }
    for (bool told = false; failed(); PQreset(connection.get())) {
        if (!may_come_up(connection.get()) || Clock::now() + kRetryPause > deadline) {
            throw ConnectionLost(PQerrorMessage(connection.get()), Outcome::kNotDone);
        }
        if (!std::exchange(told, true)) {
            telemetry::log::info("waiting for the database",
                                 {{"error", PQerrorMessage(connection.get())}});
        }
        std::this_thread::sleep_for(kRetryPause);
    }
    PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
    PQsetNoticeProcessor(connection.get(), &log_notice, nullptr);
    return connection;
}

// `what` names the step in an error.
Result run(const Handle& connection, std::string_view what, PGresult* raw) {
    Answer answer;
    if (raw == nullptr) {
        throw ConnectionLost(PQerrorMessage(connection.get()), Outcome::kUnknown);
    }
    if (answer.take(raw, what) == Answer::Progress::kBroken) {
        throw QueryError(fmt::format("{}: COPY cannot be used here", what), "0A000");
    }
    if (answer.failure) std::rethrow_exception(answer.failure);
    return std::move(answer.result);
}

// Any number of statements.
Result run(const Handle& connection, std::string_view what, const std::string& sql) {
    return run(connection, what, PQexec(connection.get(), sql.c_str()));
}

template <std::size_t N>
Result run(const Handle& connection, std::string_view what, const char* sql,
           const std::array<std::string, N>& params) {
    std::array<const char*, N> values{};
    std::ranges::transform(params, values.begin(), &std::string::c_str);
    return run(connection, what,
               PQexecParams(connection.get(), sql, static_cast<int>(N), nullptr, values.data(),
                            nullptr, nullptr, 0));
}

// PostgreSQL releases the lock when the connection ends. Polls instead of waiting: a waiting
// statement holds a snapshot, and a migration that waits for all older snapshots would wait for
// this one.
void lock(const Handle& connection, std::chrono::milliseconds wait) {
    const auto deadline = Clock::now() + wait;
    const std::array key{std::to_string(kLockKey)};
    while (run(connection, "lock", "select pg_try_advisory_lock($1::bigint)", key).value(0, 0) !=
           "t") {
        if (Clock::now() + kRetryPause > deadline) {
            throw base::Unavailable("another migration is running; try again when it has ended");
        }
        std::this_thread::sleep_for(kRetryPause);
    }
}

// Checks before it takes a lock: `alter table` locks even if there is nothing to do, and everybody
// who reads the table, such as readiness probes, queues behind it.
void prepare_history(const Handle& connection) {
    constexpr std::string_view kStep = "create schema_migrations";
    const Result columns =
        run(connection, kStep,
            "select count(*) from pg_attribute"
            " where attrelid = to_regclass(quote_ident(current_schema()) || '.schema_migrations')"
            " and attname in ('version', 'requires_code') and not attisdropped");
    if (columns.value(0, 0) == "2") return;
    run(connection, kStep,
        "create table if not exists schema_migrations ("
        " version int primary key,"
        " name text not null,"
        " checksum text not null,"
        " applied_at timestamptz not null default now());"
        "alter table schema_migrations"
        " add column if not exists requires_code int not null default 0");
}

struct Applied {
    std::string name;
    std::string checksum;
    base::Timestamp at;
    int requires_code = 0;
};
using History = std::map<int, Applied>;

// Empty when the table is not there.
History read_history(const Handle& connection) {
    constexpr std::string_view kStep = "read schema_migrations";
    History history;
    const Result exists =
        run(connection, kStep, "select to_regclass('schema_migrations') is not null");
    if (exists.value(0, 0) != "t") return history;
    // As JSON, since the column requires_code may not be there yet.
    const Result rows = run(connection, kStep,
                            "select version, name, checksum, applied_at,"
                            " coalesce((to_jsonb(m)->>'requires_code')::int, 0)"
                            " from schema_migrations m");
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        history.emplace(Type<std::int32_t>::decode(rows.value(row, 0)),
                        Applied{.name = std::string(rows.value(row, 1)),
                                .checksum = std::string(rows.value(row, 2)),
                                .at = Type<base::Timestamp>::decode(rows.value(row, 3)),
                                .requires_code = Type<std::int32_t>::decode(rows.value(row, 4))});
    }
    return history;
}

// History is never rewritten: every applied migration must exist, unchanged. Newer versions belong
// to a newer release and may say that this one is too old.
void check_history(const History& history, const Migrations& migrations) {
    const int newest = static_cast<int>(migrations.all().size());
    for (const auto& [version, applied] : history) {
        if (applied.requires_code > newest) {
            throw base::ConfigError(
                fmt::format("the database has migration {:04}_{}, which needs a release with "
                            "migration {:04}; this release has those up to {:04}: use a newer one",
                            version, applied.name, applied.requires_code, newest));
        }
    }
    for (const Migration& migration : migrations.all()) {
        const int version = migration.version;
        const auto found = history.find(version);
        if (found == history.end()) {
            if (history.upper_bound(version) == history.end()) return;  // all later ones are new
            throw base::ConfigError(
                fmt::format("migration {:04}_{} is not applied, but a later one is: give it the "
                            "next free number",
                            version, migration.name));
        }
        if (found->second.checksum != migration.checksum) {
            throw base::ConfigError(
                fmt::format("migration {:04}_{} has changed since it was applied: restore it, and "
                            "put the change into a new migration",
                            version, migration.name));
        }
    }
}

void apply(const Handle& connection, const Migration& migration) {
    const std::string label = fmt::format("migration {:04}_{}", migration.version, migration.name);
    run(connection, label, "begin");
    run(connection, label, migration.sql);
    if (PQtransactionStatus(connection.get()) != PQTRANS_INTRANS) {
        throw QueryError(label + ": a migration must not end its transaction", "25000");
    }
    const std::array record{std::to_string(migration.version), migration.name, migration.checksum,
                            std::to_string(migration.requires_code)};
    run(connection, label,
        "insert into schema_migrations (version, name, checksum, requires_code)"
        " values ($1::int, $2, $3, $4::int)",
        record);
    run(connection, label, "commit");
}

}  // namespace

int migrate(const std::string& url, const Migrations& migrations, const MigrateOptions& options) {
    const Handle connection = connect(url, options);
    lock(connection, options.lock_wait);
    prepare_history(connection);
    const History history = read_history(connection);
    check_history(history, migrations);
    int count = 0;
    for (const Migration& migration : migrations.all()) {
        if (history.contains(migration.version)) continue;
        const auto started = Clock::now();
        apply(connection, migration);
        ++count;
        if (options.on_applied) {
            options.on_applied(migration, std::chrono::duration_cast<std::chrono::milliseconds>(
                                              Clock::now() - started));
        }
    }
    return count;
}

std::vector<MigrationStatus> migration_status(const std::string& url,
                                              const Migrations& migrations) {
    const Handle connection = connect(url, MigrateOptions{});
    using State = MigrationStatus::State;
    const History history = read_history(connection);
    std::map<int, MigrationStatus> status;
    for (const Migration& migration : migrations.all()) {
        status.emplace(migration.version,
                       MigrationStatus{.version = migration.version,
                                       .name = migration.name,
                                       .requires_code = migration.requires_code});
    }
    for (const auto& [version, applied] : history) {
        const auto [entry, unknown] =
            status.emplace(version, MigrationStatus{.version = version, .name = applied.name});
        MigrationStatus& each = entry->second;
        each.applied_at = applied.at;
        each.requires_code = applied.requires_code;
        if (unknown) {
            each.state = State::kMissingFile;
        } else {
            const auto& file = migrations.all()[static_cast<std::size_t>(version - 1)];
            each.state =
                file.checksum == applied.checksum ? State::kApplied : State::kChecksumDiffers;
        }
    }
    std::vector<MigrationStatus> sorted;
    for (auto& [version, each] : status)
        sorted.push_back(std::move(each));
    return sorted;
}

}  // namespace postgres
