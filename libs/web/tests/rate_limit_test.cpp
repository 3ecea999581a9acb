// How many requests each client may send, and how it learns of it.
#include <gtest/gtest.h>

#include <web/rate_limit.hpp>

#include "notes_app.hpp"

namespace {

using namespace std::chrono_literals;

class RateLimit : public notes::NotesTest {
protected:
    void limit(web::RateLimitConfig config) {
        config.clock = [this] { return now; };
        app.use(std::make_shared<web::RateLimit>(std::move(config)));
    }
    web::TestClient::Reply ask(std::string client_address, std::string target = "/notes") {
        return client.send(
            {.target = std::move(target), .remote_address = std::move(client_address)});
    }

    std::chrono::steady_clock::time_point now{};
};

TEST_F(RateLimit, AllowsABurstAndThenARate) {
    limit({.per_second = 0.5, .burst = 2});
    EXPECT_EQ(ask("192.0.2.1").status, 200);
    EXPECT_EQ(ask("192.0.2.1").status, 200);
    const auto refused = ask("192.0.2.1");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("Retry-After"), "2");
    now += 1999ms;
    EXPECT_EQ(ask("192.0.2.1").status, 429);
    now += 1ms;
    EXPECT_EQ(ask("192.0.2.1").status, 200);
    EXPECT_EQ(ask("192.0.2.1").status, 429);
    now += 1h;
    EXPECT_EQ(ask("192.0.2.1").header("RateLimit"), "\"client\";r=1;t=2");
}

TEST_F(RateLimit, SaysWhatIsLeft) {
    limit({.per_second = 1, .burst = 5});
    const auto reply = ask("192.0.2.1");
    EXPECT_EQ(reply.header("RateLimit-Policy"), "\"client\";q=5;w=5");
    EXPECT_EQ(reply.header("RateLimit"), "\"client\";r=4;t=1");
}

TEST_F(RateLimit, CountsEachClientByItself) {
    limit({.per_second = 1, .burst = 1});
    EXPECT_EQ(ask("192.0.2.1").status, 200);
    EXPECT_EQ(ask("192.0.2.2").status, 200);
    EXPECT_EQ(ask("2001:db8:0:1::1").status, 200);
    EXPECT_EQ(ask("2001:db8:0:1:ffff::2").status, 429) << "the same subscriber";
    EXPECT_EQ(ask("2001:db8:0:2::1").status, 200);
}

TEST_F(RateLimit, LetsProbesThrough) {
    web::Router probe;
    probe.raw(web::Method::kGet, "/health",
              [](web::Exchange&) { return web::completed(web::text_response(200, "a/b", "")); });
    app.include(probe);
    limit({.per_second = 1, .burst = 1});
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(ask("192.0.2.1", "/health").status, 200);
}

TEST_F(RateLimit, ForgetsWhoWasSilentLongest) {
    limit({.per_second = 0.001, .burst = 1, .max_clients = 16 * 4});
    EXPECT_EQ(ask("192.0.2.1").status, 200);
    for (int i = 0; i < 16 * 4 * 16; ++i)
        (void)ask("198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250));
    EXPECT_EQ(ask("192.0.2.1").status, 200);
    EXPECT_EQ(ask("192.0.2.1").status, 429);
}

TEST_F(RateLimit, IsDocumented) {
    limit({});
    const auto document = app.openapi();
    const auto& get = document.at("paths").at("/notes").at("get");
    EXPECT_TRUE(get.at("responses").as_object().contains("429"));
}

TEST(RateLimitConfig, HasToAllowSomething) {
    EXPECT_THROW(web::RateLimit({.per_second = 0}), std::invalid_argument);
    EXPECT_THROW(web::RateLimit({.burst = 0.5}), std::invalid_argument);
}

}  // namespace
