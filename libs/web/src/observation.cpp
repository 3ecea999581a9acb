#include "observation.hpp"

#include <cmath>

#include <telemetry/log.hpp>
#include <telemetry/span.hpp>

#include "spans.hpp"

namespace web {
namespace {

constexpr auto kRequestsName = "http_server_requests_total";
constexpr auto kRequestsHelp = "Requests answered, by route template and status.";

// Probes and scrapes come every few seconds and say nothing when they succeed.
bool is_routine(std::string_view route, int status) {
    return status < 400 && (route == "/health" || route == "/ready" || route == "/metrics");
}

telemetry::log::Level level_of(std::string_view route, int status) {
    // Not an error of this service: it drains, or a dependency is unavailable or slow.
    if (status == 503 || status == 504) return telemetry::log::Level::kWarn;
    if (status >= 500) return telemetry::log::Level::kError;
    return is_routine(route, status) ? telemetry::log::Level::kDebug : telemetry::log::Level::kInfo;
}

}  // namespace

Observation::Observation(telemetry::Registry* registry, const std::vector<Route>& routes,
                         TrustedProxies proxies)
    : registry_(registry),
      proxies_(std::move(proxies)),
      first_route_(routes.data()),
      series_(2 * routes.size() + 1) {
    for (std::size_t i = 0; i < routes.size(); ++i) {
        series_[2 * i].method = to_string(routes[i].method);
        series_[2 * i + 1].method = to_string(Method::kHead);
        series_[2 * i].route = series_[2 * i + 1].route = routes[i].path;
    }
    series_.back().method = "other";
    series_.back().route = kUnmatchedRoute;
    if (registry_ == nullptr) return;
    active_ = &registry_->gauge("http_server_active_requests", "Requests being served now.");
    active_streams_ =
        &registry_->gauge("http_server_active_streams", "Streamed responses being sent now.");
}

Observation::Series& Observation::series_of(const Request& request, const Route* route) {
    if (route == nullptr) return series_.back();
    const bool head_of_get = request.method == Method::kHead && route->method == Method::kGet;
    return series_[2 * static_cast<std::size_t>(route - first_route_) + (head_of_get ? 1 : 0)];
}

void Observation::count(Series& series, int status) {
    if (registry_ == nullptr) return;
    // HTTP has no others (RFC 9110, 15); a handler that answers with one has a bug.
    const bool known = status >= 100 && status < 600;
    auto& slot = series.by_status.at(known ? static_cast<std::size_t>(status) : 0);
    auto* counter = slot.load(std::memory_order_acquire);
    if (counter == nullptr) {
        // Two threads may both look it up: they get the same counter.
        counter = &registry_->counter(kRequestsName, kRequestsHelp,
                                      {{"method", series.method},
                                       {"route", series.route},
                                       {"status", known ? std::to_string(status) : "invalid"}});
        slot.store(counter, std::memory_order_release);
    }
    counter->inc();
}

void Observation::measure(Series& series, std::chrono::duration<double> duration) {
    if (registry_ == nullptr) return;
    auto* histogram = series.duration.load(std::memory_order_acquire);
    if (histogram == nullptr) {
        histogram = &registry_->histogram(
            "http_server_request_duration_seconds",
            "Time from the complete request to the complete response (streamed: to its head), by "
            "route template.",
            {{"method", series.method}, {"route", series.route}});
        series.duration.store(histogram, std::memory_order_release);
    }
    histogram->observe(duration.count());
}

void Observation::started() noexcept {
    if (active_ != nullptr) active_->inc();
}

void Observation::finished(const Request& request, const Route* route, const Response& response,
                           Clock::time_point start, const base::TraceContext& parent) noexcept {
    const std::chrono::duration<double> duration = Clock::now() - start;
    auto& series = series_of(request, route);
    if (active_ != nullptr) active_->dec();
    measure(series, duration);
    count(series, response.status);
    if (telemetry::trace::wants_span(base::current_context())) {
        record_server_span(request, route == nullptr ? std::string_view() : series.route, response,
                           std::chrono::duration_cast<std::chrono::nanoseconds>(duration), parent);
    }

    const auto level = level_of(series.route, response.status);
    if (!telemetry::log::enabled(level)) return;
    const auto client = proxies_.client_of(request);
    std::array<telemetry::log::Field, 8> fields{{
        {"method", to_string(request.method)},
        {"route", series.route},
        {"path", request.path()},
        {"status", response.status},
        {"duration_ms", std::round(duration.count() * 1e6) / 1000},
        {"bytes", response.content().size()},
        {"client", std::string_view(client)},
        {"request_id", std::string_view()},
    }};
    const auto request_id = response.headers.find("X-Request-ID");
    if (request_id) fields.back().value = *request_id;
    telemetry::log::write(level, "request",
                          std::span(fields).first(fields.size() - (request_id ? 0 : 1)));
}

void Observation::refused(const Response& response, std::string_view reason) noexcept {
    count(series_.back(), response.status);
    const std::array<telemetry::log::Field, 3> fields{{
        {"status", response.status},
        {"reason", reason},
        {"bytes", response.content().size()},
    }};
    telemetry::log::write(level_of(kUnmatchedRoute, response.status), "request refused", fields);
}

}  // namespace web
