// What bounds the clients of the whole application.
#include <application.hpp>
#include <fake_items.hpp>

#include <gtest/gtest.h>

#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace {

class Limits : public testing::Test {
protected:
    app::FakeServices services;

    static void SetUpTestSuite() {
        telemetry::log::configure({.service = "api", .level = telemetry::log::Level::kError});
    }
};

TEST_F(Limits, HoldForEachClient) {
    const auto application = app::make_application(
        services, {.rate_limit_per_second = 1, .trusted_proxies = {"127.0.0.0/8"}});
    web::TestClient client(*application);
    const auto ask = [&](std::string forwarded) {
        return client
            .send({.target = "/v1/items",
                   .headers = {{"X-Forwarded-For", std::move(forwarded)}},
                   .remote_address = "127.0.0.1"})
            .status;
    };
    EXPECT_EQ(ask("203.0.113.1"), 200);
    EXPECT_EQ(ask("203.0.113.1"), 200);
    EXPECT_EQ(ask("203.0.113.1"), 429);
    EXPECT_EQ(ask("203.0.113.2"), 200);
}

TEST_F(Limits, AreOffUnlessConfigured) {
    const auto application = app::make_application(services);
    web::TestClient client(*application);
    for (int i = 0; i < 100; ++i)
        ASSERT_EQ(client.get("/v1/items").status, 200);
    EXPECT_EQ(client.get("/v1/items").header("RateLimit"), "");
}

TEST_F(Limits, NameEveryRequest) {
    const auto application = app::make_application(services);
    const auto reply = web::TestClient(*application).get("/none", {{"X-Request-ID", "mine"}});
    EXPECT_EQ(reply.header("X-Request-ID"), "mine");
}

}  // namespace
