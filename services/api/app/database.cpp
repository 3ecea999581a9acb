#include <database.hpp>
#include <mutex>

#include <fmt/format.h>

#include <base/context.hpp>
#include <base/time.hpp>
#include <telemetry/log.hpp>
#include <telemetry/span.hpp>
#include <telemetry/trace.hpp>

namespace app {
namespace {

// The query as a step of the request that it serves
// (https://opentelemetry.io/docs/specs/semconv/database/postgresql/). What the server does with it
// has no span of its own: a traceparent in the SQL would make every statement a new one, and cost
// the plans that PostgreSQL keeps of prepared statements.
void record_span(const postgres::QueryEvent& event) noexcept {
    const auto& parent = base::current_context();
    if (!parent.valid() || !telemetry::trace::wants_span(parent)) return;
    try {
        telemetry::trace::Span span{
            .name = std::string(event.statement.name),
            .kind = telemetry::trace::SpanKind::kClient,
            .context = telemetry::trace::child_of(parent),
            .parent_span_id = parent.span_id,
            .start = event.started,
            .end = event.started +
                   std::chrono::duration_cast<std::chrono::system_clock::duration>(event.duration),
            .attributes = {{"db.system.name", "postgresql"},
                           {"db.query.summary", event.statement.name},
                           {"db.query.text", event.statement.sql}},
            .failed = !event.ok,
        };
        if (!event.sqlstate.empty()) {
            span.attributes.emplace_back("db.response.status_code", event.sqlstate);
        }
        if (!event.ok) {
            span.attributes.emplace_back("error.type",
                                         event.sqlstate.empty() ? "unavailable" : event.sqlstate);
        }
        telemetry::trace::record(std::move(span));
    } catch (...) {  // NOLINT(bugprone-empty-catch): out of memory costs the span, not the query
    }
}

postgres::PoolConfig pool_config(const Config& config, QueryMetrics& queries) {
    return {
        .url = config.database_url,
        .application_name = "api",
        .on_query =
            [&queries](const postgres::QueryEvent& event) {
                queries.observe(event.statement.name, event.duration);
                record_span(event);
            },
    };
}

// "items.list" of "items.list.-price.qc".
std::string_view series_name(std::string_view statement) {
    return statement.substr(0, statement.find('.', statement.find('.') + 1));
}

}  // namespace

void QueryMetrics::observe(std::string_view statement, std::chrono::nanoseconds duration) {
    histogram(series_name(statement)).observe(std::chrono::duration<double>(duration).count());
}

telemetry::Histogram& QueryMetrics::histogram(std::string_view statement) {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = histograms_.find(statement); found != histograms_.end()) {
            return *found->second;
        }
    }
    const std::unique_lock lock(mutex_);
    auto& histogram = registry_.histogram("db_query_duration_seconds",
                                          "Time from a query to its answer, waiting included.",
                                          {{"statement", std::string(statement)}});
    histograms_.emplace(statement, &histogram);
    return histogram;
}

Database::Database(const Config& config, std::span<boost::asio::io_context* const> contexts,
                   telemetry::Registry& registry)
    : migrations_(postgres::Migrations::load(config.migrations_dir)),
      queries_(registry),
      pool_(pool_config(config, queries_), contexts),
      scrape_(registry.on_scrape([this, &registry] { report(registry); })) {}

void Database::report(telemetry::Registry& registry) {
    const auto stats = pool_.stats();
    const auto connections = [&registry](const char* state, std::size_t count) {
        registry
            .gauge("db_pool_connections", "Connections to the database, by state.",
                   {{"state", state}})
            .set(static_cast<double>(count));
    };
    connections("connected", stats.connected);
    connections("connecting", stats.connecting);
    connections("transaction", stats.transactions_busy);
    connections("transaction_idle", stats.transactions_idle);
    registry.gauge("db_queue_depth", "Queries accepted and not answered yet.")
        .set(static_cast<double>(stats.queries_in_flight + stats.queries_waiting));
    registry
        .gauge("db_queue_utilisation_ratio",
               "Part of its queue that the fullest connection has taken; at 1 it refuses queries.")
        .set(stats.queue_utilisation);
    registry.gauge("db_transactions_waiting", "Transactions that wait for a connection.")
        .set(static_cast<double>(stats.transactions_waiting));
}

void Database::add_check_to(runtime::Readiness& readiness) {
    readiness.add("database", [this] { return check(); });
}

base::Task<runtime::CheckResult> Database::check() {
    switch (co_await postgres::check_schema(pool_, migrations_)) {
        case postgres::SchemaState::kUsable:
            break;
        case postgres::SchemaState::kBehind:
            co_return runtime::CheckResult{"schema is not current: run `api migrate`"};
        case postgres::SchemaState::kTooNew:
            co_return runtime::CheckResult{
                "schema is too new for this release: deploy a newer one"};
    }
    co_return runtime::CheckResult{};
}

namespace {

std::string_view state_name(postgres::MigrationStatus::State state) {
    using State = postgres::MigrationStatus::State;
    switch (state) {
        case State::kApplied:
            return "applied";
        case State::kPending:
            return "pending";
        case State::kChecksumDiffers:
            return "checksum differs";
        case State::kMissingFile:
            return "newer release";
    }
    return "unknown";
}

}  // namespace

MigrationReport migration_status(const Config& config) {
    using State = postgres::MigrationStatus::State;
    const auto migrations = postgres::Migrations::load(config.migrations_dir);
    const int newest = migrations.all().back().version;
    MigrationReport report{.current = true};
    for (const auto& each : postgres::migration_status(config.database_url, migrations)) {
        report.text +=
            fmt::format("{:04}  {:<16}  {:<27}  {}\n", each.version, state_name(each.state),
                        each.applied_at ? base::format_rfc3339(*each.applied_at) : "-", each.name);
        if (each.state == State::kPending || each.state == State::kChecksumDiffers ||
            each.requires_code > newest) {
            report.current = false;
        }
    }
    return report;
}

int migrate(const Config& config) {
    const auto migrations = postgres::Migrations::load(config.migrations_dir);
    const auto applied = postgres::migrate(
        config.database_url, migrations,
        {.on_applied = [](const postgres::Migration& migration, std::chrono::milliseconds took) {
            telemetry::log::info("migration applied", {{"version", migration.version},
                                                       {"name", migration.name},
                                                       {"duration_ms", took.count()}});
        }});
    telemetry::log::info("schema is current",
                         {{"version", migrations.all().back().version}, {"applied", applied}});
    telemetry::log::flush();
    return 0;
}

}  // namespace app
