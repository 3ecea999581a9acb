// The database of a service: its pool, and what the pool reports.
#pragma once

#include <span>
#include <string>

#include <base/config.hpp>
#include <database/query_metrics.hpp>
#include <postgres/migrations.hpp>
#include <postgres/pool.hpp>
#include <runtime/readiness.hpp>
#include <telemetry/metrics.hpp>

namespace database {

struct Config {
    std::string name;  ///< of the service's program: in pg_stat_activity and in what to do next
    std::string url;
    std::string migrations_dir;
};

/// DATABASE_URL, or DATABASE_URL_FILE with a file that holds it, and MIGRATIONS_DIR. What is wrong
/// is reported by the reader's finish().
[[nodiscard]] Config read_config(base::EnvReader& env, std::string name,
                                 std::string migrations_dir);

/// A pool that observes its queries (QueryMetrics, and a span within each traced request) and its
/// connections (db_pool_connections, db_queue_depth, ...). Outlived by `registry` and the contexts.
class Database {
public:
    /// Throws base::ConfigError for a url or a folder of migrations that cannot be used. Does not
    /// connect: pool().start() does.
    Database(const Config& config, std::span<boost::asio::io_context* const> contexts,
             telemetry::Registry& registry);

    [[nodiscard]] postgres::Pool& pool() noexcept { return pool_; }

    /// Adds the check "database": the database answers and has this release's schema.
    void add_check_to(runtime::Readiness& readiness);

private:
    void report(telemetry::Registry& registry);
    [[nodiscard]] base::Task<runtime::CheckResult> check();

    std::string name_;
    postgres::Migrations migrations_;
    QueryMetrics queries_;
    postgres::Pool pool_;
    telemetry::ScrapeHook scrape_;
};

}  // namespace database
