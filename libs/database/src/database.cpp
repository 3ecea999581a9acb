#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <base/context.hpp>
#include <database/database.hpp>
#include <telemetry/span.hpp>
#include <telemetry/trace.hpp>

namespace database {
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
        .url = config.url,
        .application_name = config.name,
        .on_query =
            [&queries](const postgres::QueryEvent& event) {
                queries.observe(event.statement.name, event.duration);
                record_span(event);
            },
    };
}

}  // namespace

Config read_config(base::EnvReader& env, std::string name, std::string migrations_dir) {
    return {
        .name = std::move(name),
        .url = env.secret("DATABASE_URL",
                          "the database, as postgresql://user:password@host:port/name"),
        .migrations_dir = env.text("MIGRATIONS_DIR", std::move(migrations_dir)),
    };
}

Database::Database(const Config& config, std::span<boost::asio::io_context* const> contexts,
                   telemetry::Registry& registry)
    : name_(config.name),
      migrations_(postgres::Migrations::load(config.migrations_dir)),
      queries_(registry, contexts),
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
            co_return runtime::CheckResult{
                fmt::format("schema is not current: run `{} migrate`", name_)};
        case postgres::SchemaState::kTooNew:
            co_return runtime::CheckResult{
                "schema is too new for this release: deploy a newer one"};
    }
    co_return runtime::CheckResult{};
}

}  // namespace database
