// The API's database: its pool, and what the pool reports.
#pragma once

#include <chrono>
#include <config.hpp>
#include <map>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>

#include <postgres/migrations.hpp>
#include <postgres/pool.hpp>
#include <runtime/readiness.hpp>
#include <telemetry/metrics.hpp>

namespace app {

/// db_query_duration_seconds by statement. Lists have a statement for each set of filters; they
/// share a series, named by the first two parts of the statement's name ("items.list").
class QueryMetrics {
public:
    explicit QueryMetrics(telemetry::Registry& registry) : registry_(registry) {}

    void observe(std::string_view statement, std::chrono::nanoseconds duration);

private:
    telemetry::Histogram& histogram(std::string_view statement);

    telemetry::Registry& registry_;
    std::shared_mutex mutex_;
    std::map<std::string, telemetry::Histogram*, std::less<>> histograms_;
};

/// One pipelined connection for each worker thread. Outlived by `registry` and the contexts.
class Database {
public:
    Database(const Config& config, std::span<boost::asio::io_context* const> contexts,
             telemetry::Registry& registry);

    [[nodiscard]] postgres::Pool& pool() noexcept { return pool_; }

    /// Adds the check "database": the database answers and has this release's schema.
    void add_check_to(runtime::Readiness& readiness);

private:
    void report(telemetry::Registry& registry);
    [[nodiscard]] base::Task<runtime::CheckResult> check();

    postgres::Migrations migrations_;
    QueryMetrics queries_;
    postgres::Pool pool_;
    telemetry::ScrapeHook scrape_;
};

/// `api migrate`: brings the schema up to date and says what it did. Returns the exit status.
[[nodiscard]] int migrate(const Config& config);

struct MigrationReport {
    std::string text;      ///< a line for each migration: version, state, time, name
    bool current = false;  ///< nothing is pending or differs
};
/// `api migrate --status`: changes nothing.
[[nodiscard]] MigrationReport migration_status(const Config& config);

}  // namespace app
