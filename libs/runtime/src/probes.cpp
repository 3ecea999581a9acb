#include <boost/json.hpp>

#include <runtime/probes.hpp>
#include <web/content.hpp>

namespace runtime {

namespace {

using web::Exchange;
using web::Method;
using web::Response;

// The next probe may have another result.
constexpr auto kRetryAfterSeconds = "1";

// A cache between prober and process would defeat the purpose.
Response uncached(Response response) {
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Response ready_response(const ReadinessReport& report) {
    boost::json::object checks;
    for (const auto& [name, found] : report.checks)
        checks[name] = found;
    const boost::json::object body = {{"status", report.ready ? "ready" : "unready"},
                                      {"checks", std::move(checks)}};
    auto response = web::text_response(report.ready ? 200 : 503, "application/json",
                                       boost::json::serialize(body));
    if (!report.ready) response.headers.set("Retry-After", kRetryAfterSeconds);
    return uncached(std::move(response));
}

// OpenMetrics if Accept names it, as Prometheus' does; "*/*" gets the classic format, which every
// client can read.
telemetry::Exposition metrics_format(const web::Request& request) {
    using telemetry::Exposition;
    const auto header = request.headers.joined("Accept").value_or("");
    const bool named = header.find("application/openmetrics-text") != std::string::npos;
    return named && web::accepts(header, "application/openmetrics-text") ? Exposition::kOpenMetrics
                                                                         : Exposition::kText;
}

base::Task<Response> ready(Readiness& readiness) {
    const auto report = co_await readiness.evaluate();
    co_return ready_response(report);
}

}  // namespace

web::Router probes(Readiness& readiness, telemetry::Registry& registry) {
    web::Router router;
    router.raw(Method::kGet, "/health", [](Exchange&) {
        return web::completed(
            uncached(web::text_response(200, "application/json", R"({"status":"ok"})")));
    });
    router.raw(Method::kGet, "/ready", [&readiness](Exchange&) { return ready(readiness); });
    router.raw(Method::kGet, "/metrics", [&registry](Exchange& exchange) {
        const auto format = metrics_format(exchange.request());
        auto response = uncached(web::text_response(
            200, std::string(telemetry::content_type(format)), registry.render(format)));
        response.headers.add("Vary", "Accept");
        return web::completed(std::move(response));
    });
    return router;
}

}  // namespace runtime
