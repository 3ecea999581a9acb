// What holds for every client of the application.
#include <application.hpp>
#include <fake_items.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace {

class Clients : public testing::Test {
protected:
    app::FakeServices services;
};

TEST_F(Clients, AreLoggedByTheirAddressBehindTheGateway) {
    const auto application = app::make_application(services, {.trusted_proxies = {"127.0.0.0/8"}});
    std::string log;
    telemetry::log::configure(
        {.service = "api", .sink = [&](std::string_view line) { log += line; }});
    (void)web::TestClient(*application)
        .send({.target = "/v1/items",
               .headers = {{"X-Forwarded-For", "203.0.113.1"}},
               .remote_address = "127.0.0.1"});
    telemetry::log::flush();
    telemetry::log::configure({.service = "api", .level = telemetry::log::Level::kError});
    EXPECT_THAT(log, testing::HasSubstr(R"("client":"203.0.113.1")"));
}

TEST_F(Clients, NameEveryRequest) {
    const auto application = app::make_application(services);
    const auto reply = web::TestClient(*application).get("/none", {{"X-Request-ID", "mine"}});
    EXPECT_EQ(reply.header("X-Request-ID"), "mine");
}

}  // namespace
