// What a scrape tells of outgoing calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <telemetry/metrics.hpp>
#include <web/client_metrics.hpp>

namespace {

using testing::HasSubstr;

TEST(ClientMetrics, CountCallsByTheirOutcome) {
    telemetry::Registry registry;
    const auto on_call = web::client_metrics(registry);
    on_call({.host = "api:8000", .status = 200, .attempts = 1});
    on_call({.host = "api:8000", .status = 200, .attempts = 2});
    on_call({.host = "api:8000", .status = 0, .failure = "refused", .attempts = 1});
    on_call({.host = "api:8000", .status = 0, .failure = "open", .attempts = 0});
    const auto text = registry.render();
    const auto counted = [](std::string_view status, int count) {
        return HasSubstr("http_client_requests_total{host=\"api:8000\",method=\"GET\",status=\"" +
                         std::string(status) + "\"} " + std::to_string(count));
    };
    EXPECT_THAT(text, counted("200", 2));
    EXPECT_THAT(text, counted("none", 1));
    EXPECT_THAT(text, counted("rejected", 1));
}

TEST(ClientMetrics, TimeCalls) {
    telemetry::Registry registry;
    const auto on_call = web::client_metrics(registry);
    on_call({.host = "api:8000",
             .status = 200,
             .attempts = 1,
             .duration = std::chrono::milliseconds(300)});
    EXPECT_THAT(registry.render(), HasSubstr("http_client_request_duration_seconds_bucket{"
                                             "host=\"api:8000\",method=\"GET\",le=\"0.5\"} 1"));
}

}  // namespace
