// What holds for every client of the application, whatever it asks for.
#include <application.hpp>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace {

// A whole application whose database is never asked.
class Clients : public testing::Test {
protected:
    web::TestClient::Reply send(web::Request request, app::ApplicationOptions options = {}) {
        boost::asio::io_context* const contexts[] = {&context_};
        postgres::Pool database({.url = "postgresql://nobody@127.0.0.1/none"}, contexts);
        telemetry::Registry registry;
        const app::Application api(database, contexts, registry, std::move(options));
        return web::TestClient(*api.endpoints, context_).send(std::move(request));
    }

private:
    boost::asio::io_context context_;
};

TEST_F(Clients, AreLoggedByTheirAddressBehindTheGateway) {
    std::string log;
    telemetry::log::configure(
        {.service = "api", .sink = [&](std::string_view line) { log += line; }});
    (void)send({.target = "/v1/items?limit=0",
                .headers = {{"X-Forwarded-For", "203.0.113.1"}},
                .remote_address = "127.0.0.1"},
               {.trusted_proxies = {"127.0.0.0/8"}});
    telemetry::log::flush();
    telemetry::log::configure({.service = "api", .level = telemetry::log::Level::kError});
    EXPECT_THAT(log, testing::HasSubstr(R"("client":"203.0.113.1")"));
}

TEST_F(Clients, NameEveryRequest) {
    const auto reply = send({.target = "/none", .headers = {{"X-Request-ID", "mine"}}});
    EXPECT_EQ(reply.header("X-Request-ID"), "mine");
}

}  // namespace
