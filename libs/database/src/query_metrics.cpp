#include <database/query_metrics.hpp>

namespace database {
namespace {

// "items.list" of "items.list.-price.qc".
std::string_view series_name(std::string_view statement) {
    return statement.substr(0, statement.find('.', statement.find('.') + 1));
}

}  // namespace

QueryMetrics::QueryMetrics(telemetry::Registry& registry,
                           std::span<boost::asio::io_context* const> contexts)
    : registry_(registry), series_(contexts, [](boost::asio::io_context&) { return Series(); }) {}

void QueryMetrics::observe(std::string_view statement, std::chrono::nanoseconds duration) {
    histogram(series_name(statement)).observe(std::chrono::duration<double>(duration).count());
}

telemetry::Histogram& QueryMetrics::histogram(std::string_view series) {
    auto& mine = series_.here();
    if (const auto found = mine.find(series); found != mine.end()) return *found->second;
    auto& histogram = registry_.histogram("db_query_duration_seconds",
                                          "Time from a query to its answer, waiting included.",
                                          {{"statement", std::string(series)}});
    mine.emplace(series, &histogram);
    return histogram;
}

}  // namespace database
