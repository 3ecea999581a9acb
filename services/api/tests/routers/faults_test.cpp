// The faults that learners set, through the whole web stack, on a fake database.
#include <application.hpp>
#include <csignal>
#include <fake_items.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace {

using boost::json::object;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct FakeDatabase final : app::FaultDatabase {
    std::vector<std::chrono::milliseconds> slept;
    std::function<bool()> wanted;

    base::Task<> sleep(std::chrono::milliseconds duration) override {
        slept.push_back(duration);
        co_return;
    }
    base::Task<> use_full_pool(std::function<bool()> still_wanted) override {
        wanted = std::move(still_wanted);
        throw base::Unavailable("the pool is full");
        co_return;
    }
};

class Faults : public testing::Test {
protected:
    FakeDatabase database;
    telemetry::Registry registry;
    std::chrono::system_clock::time_point now{std::chrono::hours(1)};
    app::FaultInjector injector{database, registry, app::faultable_routes(),
                                [this] { return now; }};
    app::FakeServices fakes;
    std::unique_ptr<web::App> application = make(true);
    web::TestClient client{*application};

    static void SetUpTestSuite() {
        telemetry::log::configure({.service = "api", .sink = [](std::string_view) {}});
    }

    std::unique_ptr<web::App> make(bool enabled) {
        app::Services services = fakes;
        services.faults = &injector;
        web::Router probe;
        probe.raw(web::Method::kGet, "/health", [](web::Exchange&) {
            return web::completed(web::text_response(200, "text/plain", "ok"));
        });
        auto made = app::make_application(services, {.faults = enabled});
        made->include(probe).observe(registry);
        return made;
    }
    void set(object faults) {
        if (!faults.contains("route")) faults["route"] = "*";
        const auto reply = client.put("/v1/faults", faults);
        ASSERT_EQ(reply.status, 200) << reply.body;
    }
    int list_items() { return client.get("/v1/items").status; }
};

TEST_F(Faults, AreNowhereUnlessEnabled) {
    const auto plain = make(false);
    EXPECT_EQ(web::TestClient(*plain).get("/v1/faults").status, 404);
}

TEST_F(Faults, AreListedWithTheirExpiry) {
    set({{"route", "/v1/items"}, {"latency", {{"fixed_ms", 5}}}});
    const auto faults = client.get("/v1/faults").json().at("faults").as_array();
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].at("route"), "/v1/items");
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
    EXPECT_EQ(status({{"route", "/nowhere"}, {"crash", true}}), 404);
}

TEST_F(Faults, AnswerAShareOfTheRequestsWithAnError) {
    set({{"error", {{"ratio", 1}, {"status", 503}}}});
    const auto reply = client.get("/v1/items");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("Retry-After"), "1");
    set({{"error", {{"ratio", 0.5}}}});
    int failed = 0;
    for (int i = 0; i < 400; ++i)
        failed += list_items() == 500 ? 1 : 0;
    EXPECT_GT(failed, 100);
    EXPECT_LT(failed, 300);
    set({{"error", {{"ratio", 0}}}});
    EXPECT_EQ(list_items(), 200);
}

TEST_F(Faults, DelayRequests) {
    set({{"latency", {{"fixed_ms", 30}, {"jitter_ms", 5}}}});
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(list_items(), 200);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
}

TEST_F(Faults, HaveTheDatabaseSleep) {
    set({{"slow_query_ms", 250}});
    EXPECT_EQ(list_items(), 200);
    EXPECT_THAT(database.slept, ElementsAre(std::chrono::milliseconds(250)));
}

TEST_F(Faults, FillThePoolUntilTheyEnd) {
    set({{"full_pool", true}});
    EXPECT_EQ(list_items(), 503);
    EXPECT_TRUE(database.wanted());
    (void)client.del("/v1/faults");
    EXPECT_FALSE(database.wanted());
}

TEST_F(Faults, LeakMemoryUpToACap) {
    set({{"memory_leak", {{"bytes_per_request", 1000}, {"max_bytes", 2500}}}});
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(list_items(), 200);
    EXPECT_EQ(client.get("/v1/faults").json().at("faults").at(0).at("leaked_bytes"), 2000);
}

TEST_F(Faults, CrashTheProcess) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    set({{"crash", true}});
    EXPECT_EXIT((void)list_items(), testing::KilledBySignal(SIGABRT), "");
}

TEST(FaultableRoutes, AreThoseOfTheResources) {
    EXPECT_THAT(app::faultable_routes(), Contains("/v1/items/{id}"));
    EXPECT_THAT(app::faultable_routes(),
                Each(AllOf(StartsWith("/v1/"), Not(StartsWith("/v1/faults")))));
}

TEST_F(Faults, BefallTheirRouteOnly) {
    set({{"route", "/v1/items/{id}"}, {"error", {{"ratio", 1}}}});
    EXPECT_EQ(list_items(), 200);
    EXPECT_EQ(client.get("/v1/items/1").status, 500);
}

TEST_F(Faults, LeaveProbesAndThemselvesAlone) {
    set({{"error", {{"ratio", 1}}}});
    EXPECT_EQ(client.get("/health").status, 200);
    EXPECT_EQ(client.get("/openapi.json").status, 200);
    EXPECT_EQ(client.get("/v1/faults").status, 200);
    EXPECT_EQ(list_items(), 500);
}

TEST_F(Faults, EndWhenTheyExpireOrAreRemoved) {
    set({{"error", {{"ratio", 1}}}, {"expires_in_seconds", 2}});
    EXPECT_EQ(list_items(), 500);
    now += std::chrono::seconds(2);
    EXPECT_EQ(list_items(), 200);
    EXPECT_TRUE(injector.idle());

    set({{"error", {{"ratio", 1}}}});
    set({{"route", "/v1/items"}, {"error", {{"ratio", 1}, {"status", 429}}}});
    EXPECT_EQ(client.del("/v1/faults?route=%2Fv1%2Fitems").status, 204);
    EXPECT_EQ(list_items(), 500);
    EXPECT_EQ(client.del("/v1/faults").status, 204);
    EXPECT_EQ(list_items(), 200);
}

TEST_F(Faults, ShowInTheMetrics) {
    set({{"error", {{"ratio", 1}}}});
    (void)list_items();
    const auto metrics = registry.render();
    EXPECT_THAT(metrics, HasSubstr("faults_active{kind=\"error\"} 1"));
    EXPECT_THAT(metrics, HasSubstr("faults_active{kind=\"crash\"} 0"));
    EXPECT_THAT(metrics, HasSubstr("faults_injected_total{kind=\"error\",route=\"/v1/items\"} 1"));
}

}  // namespace
