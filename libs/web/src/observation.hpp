// The signals of a served request: access log, metrics and span.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <base/context.hpp>
#include <telemetry/metrics.hpp>
#include <web/client_address.hpp>
#include <web/request.hpp>
#include <web/response.hpp>
#include <web/router.hpp>

namespace web {

/// The labels of requests that no route served; raw paths would be unbounded.
inline constexpr std::string_view kUnmatchedRoute = "unmatched";

class Observation {
public:
    Observation(telemetry::Registry* registry, const std::vector<Route>& routes,
                TrustedProxies proxies);

    using Clock = std::chrono::steady_clock;

    /// Counts the streamed responses that are open; nullptr: nobody counts.
    [[nodiscard]] telemetry::Gauge* active_streams() const noexcept { return active_streams_; }

    void started() noexcept;
    /// `route` is nullptr when none served the request; `parent` is the caller's place in the
    /// trace, if it sent one, and the current context is the request's own.
    void finished(const Request& request, const Route* route, const Response& response,
                  Clock::time_point start, const base::TraceContext& parent) noexcept;
    /// A request that the transport refused, and why.
    void refused(const Response& response, std::string_view reason) noexcept;

private:
    // The metrics of one route and method. A metric is created when it is first needed and then
    // kept, so unused routes have no series.
    struct Series {
        std::string method;
        std::string route;
        std::atomic<telemetry::Histogram*> duration{nullptr};
        std::array<std::atomic<telemetry::Counter*>, 600> by_status{};
    };
    Series& series_of(const Request& request, const Route* route);
    void count(Series& series, int status);
    void measure(Series& series, std::chrono::duration<double> duration);

    telemetry::Registry* registry_;
    TrustedProxies proxies_;
    const Route* first_route_;
    // Two for each route, its own method and HEAD, which a route of GET serves as well; then one
    // for the unmatched.
    std::vector<Series> series_;
    telemetry::Gauge* active_ = nullptr;
    telemetry::Gauge* active_streams_ = nullptr;
};

}  // namespace web
