#include <string>

#include <telemetry/metrics.hpp>
#include <web/client_metrics.hpp>

namespace web {
namespace {

std::string outcome(const CallReport& report) {
    if (report.attempts == 0) return "rejected";
    return report.status == 0 ? "none" : std::to_string(report.status);
}

}  // namespace

std::function<void(const CallReport&)> client_metrics(telemetry::Registry& registry) {
    // Looked up for each call: beside a round trip over the network that costs nothing.
    return [&registry](const CallReport& report) {
        const std::string method(to_string(report.method));
        const std::string host(report.host);
        registry
            .counter("http_client_requests_total", "Calls to other services, by outcome.",
                     {{"method", method}, {"host", host}, {"status", outcome(report)}})
            .inc();
        registry
            .histogram("http_client_request_duration_seconds",
                       "Time of a call to another service, retries included.",
                       {{"method", method}, {"host", host}})
            .observe(std::chrono::duration<double>(report.duration).count());
    };
}

}  // namespace web
