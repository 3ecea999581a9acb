// How long queries take, for Prometheus.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include <base/per_thread.hpp>
#include <telemetry/metrics.hpp>

namespace database {

/// db_query_duration_seconds by statement. Lists have a statement for each set of filters; they
/// share a series, named by the first two parts of the statement's name ("items.list").
///
/// Each thread keeps the series that it has met, so an observation takes no lock that another
/// thread takes. Only a thread's first one of a series asks the registry.
class QueryMetrics {
public:
    /// `contexts` are those of the threads that observe. All of them outlive this.
    QueryMetrics(telemetry::Registry& registry, std::span<boost::asio::io_context* const> contexts);

    /// On a thread of one of the contexts.
    void observe(std::string_view statement, std::chrono::nanoseconds duration);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };
    using Series = std::unordered_map<std::string, telemetry::Histogram*, Hash, std::equal_to<>>;

    [[nodiscard]] telemetry::Histogram& histogram(std::string_view series);

    telemetry::Registry& registry_;
    base::PerThread<Series> series_;
};

}  // namespace database
