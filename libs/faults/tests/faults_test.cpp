// The faults that learners set, through the whole web stack. Faults of the database are in
// integration/pool_faults_test.cpp.
#include <csignal>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <faults/injector.hpp>
#include <faults/with_faults.hpp>
#include <telemetry/log.hpp>
#include <web/app.hpp>
#include <web/extract.hpp>
#include <web/test_client.hpp>

namespace {

using boost::json::object;
using testing::HasSubstr;

base::Task<int> list_things() {
    co_return 1;
}
base::Task<int> read_thing(web::Path<"id", int> id) {
    co_return id;
}
web::Router resources() {
    return web::Router("/v1/things", "things")
        .get<"/", list_things>("List")
        .get<"/{id}", read_thing>("Read");
}

class Faults : public testing::Test {
protected:
    boost::asio::io_context context;
    boost::asio::io_context* const contexts[1]{&context};
    postgres::Pool pool{{.url = "postgresql://127.0.0.1:1/none"}, contexts};  // never connects
    telemetry::Registry registry;
    std::chrono::system_clock::time_point now{std::chrono::hours(1)};
    faults::Injector injector{
        pool, contexts, registry, resources(), {.clock = [this] { return now; }}};
    web::App application{{.title = "Things", .version = "1"}};
    web::TestClient client{application};

    Faults() {
        web::Router probe;
        probe.raw(web::Method::kGet, "/health", [](web::Exchange&) {
            return web::completed(web::text_response(200, "text/plain", "ok"));
        });
        application.include(faults::with_faults(resources()))
            .include(probe)
            .provide(injector)
            .document()
            .observe(registry);
    }
    static void SetUpTestSuite() {
        telemetry::log::configure({.service = "things", .sink = [](std::string_view) {}});
    }
    void set(object faults) {
        if (!faults.contains("route")) faults["route"] = "*";
        const auto reply = client.put("/v1/faults", faults);
        ASSERT_EQ(reply.status, 200) << reply.body;
    }
    int list() { return client.get("/v1/things").status; }
};

TEST_F(Faults, AreListedWithTheirExpiry) {
    set({{"route", "/v1/things"}, {"latency", {{"fixed_ms", 5}}}});
    const auto faults = client.get("/v1/faults").json().at("faults").as_array();
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].at("route"), "/v1/things");
    EXPECT_EQ(faults[0].at("expires_at"), "1970-01-01T01:01:00.000000Z");
    EXPECT_EQ(faults[0].at("latency").at("jitter_ms"), 0);
    EXPECT_EQ(faults[0].at("error"), nullptr);
}

TEST_F(Faults, AreRefusedWhenTheyMakeNoSense) {
    const auto status = [this](const object& faults) {
        return client.put("/v1/faults", faults).status;
    };
    EXPECT_EQ(status({{"route", "*"}}), 422);
    EXPECT_EQ(status({{"route", "*"}, {"error", {{"ratio", 1.5}}}}), 422);
    EXPECT_EQ(status({{"route", "*"}, {"error", {{"ratio", 1}, {"status", 200}}}}), 422);
    EXPECT_EQ(status({{"route", "*"}, {"crash", true}, {"expires_in_seconds", 3601}}), 422);
}

TEST_F(Faults, MayNameTheResourcesAndNothingElse) {
    const auto status = [this](std::string_view route) {
        return client.put("/v1/faults", {{"route", route}, {"slow_query_ms", 1}}).status;
    };
    EXPECT_EQ(status("*"), 200);
    EXPECT_EQ(status("/v1/things/{id}"), 200);
    for (const auto* route : {"/v1/things/1", "/nowhere", "/health", "/v1/faults"})
        EXPECT_EQ(status(route), 404) << route;
}

TEST_F(Faults, AnswerAShareOfTheRequestsWithAnError) {
    set({{"error", {{"ratio", 1}, {"status", 503}}}});
    const auto reply = client.get("/v1/things");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("Retry-After"), "1");
    set({{"error", {{"ratio", 0.5}}}});
    int failed = 0;
    for (int i = 0; i < 400; ++i)
        failed += list() == 500 ? 1 : 0;
    EXPECT_GT(failed, 100);
    EXPECT_LT(failed, 300);
    set({{"error", {{"ratio", 0}}}});
    EXPECT_EQ(list(), 200);
}

TEST_F(Faults, DelayRequests) {
    set({{"latency", {{"fixed_ms", 30}, {"jitter_ms", 5}}}});
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(list(), 200);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
}

TEST_F(Faults, LeakMemoryUpToACap) {
    set({{"memory_leak", {{"bytes_per_request", 1000}, {"max_bytes", 2500}}}});
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(list(), 200);
    EXPECT_EQ(client.get("/v1/faults").json().at("faults").at(0).at("leaked_bytes"), 2000);
}

TEST_F(Faults, CrashTheProcess) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    set({{"crash", true}});
    EXPECT_EXIT((void)list(), testing::KilledBySignal(SIGABRT), "");
}

TEST_F(Faults, BefallTheirRouteOnly) {
    set({{"route", "/v1/things/{id}"}, {"error", {{"ratio", 1}}}});
    EXPECT_EQ(list(), 200);
    EXPECT_EQ(client.get("/v1/things/1").status, 500);
}

TEST_F(Faults, LeaveProbesAndThemselvesAlone) {
    set({{"error", {{"ratio", 1}}}});
    EXPECT_EQ(client.get("/health").status, 200);
    EXPECT_EQ(client.get("/openapi.json").status, 200);
    EXPECT_EQ(client.get("/v1/faults").status, 200);
    EXPECT_EQ(list(), 500);
}

TEST_F(Faults, EndWhenTheyExpireOrAreRemoved) {
    set({{"error", {{"ratio", 1}}}, {"expires_in_seconds", 2}});
    EXPECT_EQ(list(), 500);
    now += std::chrono::seconds(2);
    EXPECT_EQ(list(), 200);
    EXPECT_TRUE(injector.idle());

    set({{"error", {{"ratio", 1}}}});
    set({{"route", "/v1/things"}, {"error", {{"ratio", 1}, {"status", 429}}}});
    EXPECT_EQ(client.del("/v1/faults?route=%2Fv1%2Fthings").status, 204);
    EXPECT_EQ(list(), 500);
    EXPECT_EQ(client.del("/v1/faults").status, 204);
    EXPECT_EQ(list(), 200);
}

TEST_F(Faults, ShowInTheMetrics) {
    set({{"error", {{"ratio", 1}}}});
    (void)list();
    const auto metrics = registry.render();
    EXPECT_THAT(metrics, HasSubstr("faults_active{kind=\"error\"} 1"));
    EXPECT_THAT(metrics, HasSubstr("faults_active{kind=\"crash\"} 0"));
    EXPECT_THAT(metrics, HasSubstr("faults_injected_total{kind=\"error\",route=\"/v1/things\"} 1"));
}

}  // namespace
