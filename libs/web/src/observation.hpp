// The signals of a served request: access log and metrics.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <telemetry/metrics.hpp>
#include <web/request.hpp>
#include <web/response.hpp>
#include <web/router.hpp>

namespace web {

/// The labels of requests that no route served; raw paths would be unbounded.
inline constexpr std::string_view kUnmatchedRoute = "unmatched";

class Observation {
public:
    Observation(telemetry::Registry* registry, const std::vector<Route>& routes);

    using Clock = std::chrono::steady_clock;

    void started() noexcept;
    /// `route` is nullptr when none served the request.
    void finished(const Request& request, const Route* route, const Response& response,
                  Clock::time_point start) noexcept;
    /// A request that the transport refused, and why.
    void refused(const Response& response, std::string_view reason) noexcept;

private:
    // The metrics of one route; the counter of a status is looked up once and then kept.
    struct Series {
        std::string method;
        std::string route;
        telemetry::Histogram* duration = nullptr;
        std::array<std::atomic<telemetry::Counter*>, 600> by_status{};
    };
    void count(Series& series, int status);

    telemetry::Registry* registry_;
    const Route* first_route_;
    std::vector<Series> series_;  // one for each route, then one for the unmatched
    telemetry::Gauge* active_ = nullptr;
};

}  // namespace web
