#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runtime/probes.hpp>
#include <web/app.hpp>
#include <web/test_client.hpp>

namespace {

using base::Task;
using runtime::CheckResult;
using testing::HasSubstr;

class Probes : public testing::Test {
protected:
    Probes() {
        readiness.add("database", [this]() -> Task<CheckResult> {
            ++asked;
            co_return CheckResult{problem};
        });
        app.include(runtime::probes(readiness, registry));
    }

    std::string problem;
    int asked = 0;
    runtime::Readiness readiness;
    telemetry::Registry registry;
    web::App app{{.title = "test", .version = "1"}};
    web::TestClient client{app};
};

TEST_F(Probes, HealthNeverTouchesADependency) {
    problem = "away";
    readiness.start_draining();
    const auto reply = client.get("/health");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json(), boost::json::parse(R"({"status":"ok"})"));
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
    EXPECT_EQ(asked, 0);
}

TEST_F(Probes, ReadyAsksTheChecks) {
    const auto reply = client.get("/ready");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json(), boost::json::parse(R"({"status":"ready","checks":{"database":"ok"}})"));
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
}

TEST_F(Probes, ReadyNamesTheCheckThatFails) {
    problem = "schema is behind";
    const auto reply = client.get("/ready");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(
        reply.json(),
        boost::json::parse(R"({"status":"unready","checks":{"database":"schema is behind"}})"));
    EXPECT_EQ(reply.header("Retry-After"), "1");
}

TEST_F(Probes, ReadyIsOverOnceDrainingStarts) {
    EXPECT_EQ(client.get("/ready").status, 200);
    readiness.start_draining();
    const auto reply = client.get("/ready");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.json(),
              boost::json::parse(R"({"status":"unready","checks":{"lifecycle":"draining"}})"));
}

TEST_F(Probes, MetricsRendersTheRegistry) {
    registry.counter("c_total", "Help.").inc();
    const auto reply = client.get("/metrics");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_THAT(reply.body, HasSubstr("c_total 1\n"));
}

TEST_F(Probes, MetricsAreOpenMetricsForWhoeverNamesIt) {
    const auto type = [this](const char* accept) {
        return client.get("/metrics", {{"Accept", accept}}).header("Content-Type");
    };
    const auto* open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    // What Prometheus sends.
    EXPECT_EQ(type("application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
                   "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
              open_metrics);
    EXPECT_EQ(type("application/openmetrics-text"), open_metrics);
    for (const auto* accept : {"*/*", "text/html, application/*", "text/plain",
                               "application/openmetrics-text;q=0, */*"}) {
        EXPECT_EQ(type(accept), "text/plain; version=0.0.4; charset=utf-8") << accept;
    }
}

}  // namespace
