// What the API lets go wrong. libs/faults tests what each fault does.
#include <application.hpp>
#include <fake_items.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace {

class ApiFaults : public testing::Test {
protected:
    boost::asio::io_context context;
    boost::asio::io_context* const contexts[1]{&context};
    postgres::Pool pool{{.url = "postgresql://127.0.0.1:1/none"}, contexts};  // never connects
    telemetry::Registry registry;
    faults::Injector injector{pool, contexts, registry, app::resources()};
    app::FakeServices fakes;

    static void SetUpTestSuite() {
        telemetry::log::configure({.service = "api", .sink = [](std::string_view) {}});
    }
    std::unique_ptr<web::App> make(bool enabled) {
        app::Services services = fakes;
        services.faults = &injector;
        return app::make_application(services, {.faults = enabled});
    }
};

TEST_F(ApiFaults, AreNowhereUnlessEnabled) {
    const auto application = make(false);
    EXPECT_EQ(web::TestClient(*application).get("/v1/faults").status, 404);
}

TEST_F(ApiFaults, BefallTheItemsButNotTheDocumentation) {
    const auto application = make(true);
    web::TestClient client(*application);
    const boost::json::object error{{"route", "/v1/items/{id}"}, {"error", {{"ratio", 1}}}};
    EXPECT_EQ(client.put("/v1/faults", error).status, 200);
    EXPECT_EQ(client.get("/v1/items").status, 200);
    EXPECT_EQ(client.get("/v1/items/1").status, 500);
    const boost::json::object everywhere{{"route", "*"}, {"error", {{"ratio", 1}}}};
    EXPECT_EQ(client.put("/v1/faults", everywhere).status, 200);
    EXPECT_EQ(client.get("/v1/items").status, 500);
    EXPECT_EQ(client.get("/openapi.json").status, 200);
    EXPECT_EQ(client.get("/v1/faults").status, 200);
}

TEST(ApiResources, AreThoseBelowV1) {
    for (const auto& route : app::resources().routes()) {
        EXPECT_TRUE(route.path.starts_with("/v1/")) << route.path;
        EXPECT_FALSE(route.path.starts_with("/v1/faults")) << route.path;
    }
    EXPECT_FALSE(app::resources().routes().empty());
}

}  // namespace
