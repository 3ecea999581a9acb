// Whether slow handlers are cancelled, and their requests answered.
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <telemetry/log.hpp>
#include <web/app.hpp>
#include <web/test_client.hpp>
#include <web/timeout.hpp>

namespace {

using namespace std::chrono_literals;

// What became of the handler.
enum class Fate { kNone, kCancelled, kFinished };

struct Handler {
    std::chrono::milliseconds takes{0};
    std::exception_ptr failure;
    Fate fate = Fate::kNone;

    base::Task<web::Response> run() {
        struct Watch {
            Handler& handler;
            ~Watch() {
                if (handler.fate == Fate::kNone) handler.fate = Fate::kCancelled;
            }
        } const watch{*this};
        boost::asio::steady_timer work(co_await boost::asio::this_coro::executor, takes);
        co_await work.async_wait(boost::asio::use_awaitable);
        if (failure) std::rethrow_exception(failure);
        fate = Fate::kFinished;
        co_return web::text_response(200, "text/plain", "done");
    }
};

class Timeout : public testing::Test {
protected:
    static void SetUpTestSuite() {
        telemetry::log::configure({.service = "test", .sink = [](std::string_view) {}});
    }

    web::TestClient::Reply ask(std::vector<std::chrono::milliseconds> limits) {
        web::Router router;
        router.raw(web::Method::kGet, "/", [this](web::Exchange&) { return handler.run(); });
        web::App app({.title = "Test", .version = "1"});
        app.include(router);
        for (const auto limit : limits)
            app.use(std::make_shared<web::Timeout>(limit));
        return web::TestClient(app).get("/");
    }

    Handler handler;
};

TEST_F(Timeout, LetsAFastHandlerAnswer) {
    handler.takes = 1ms;
    const auto reply = ask({5s});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "done");
    EXPECT_EQ(handler.fate, Fate::kFinished);
}

TEST_F(Timeout, CancelsASlowHandler) {
    handler.takes = 60s;
    const auto start = std::chrono::steady_clock::now();
    const auto reply = ask({20ms});
    EXPECT_EQ(reply.status, 504);
    EXPECT_EQ(reply.json().at("trace_id").as_string().size(), 32U);
    EXPECT_EQ(handler.fate, Fate::kCancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
}

TEST_F(Timeout, ReachesTheHandlerThroughAnInnerOne) {
    handler.takes = 60s;
    EXPECT_EQ(ask({20ms, 50s}).status, 504);
    EXPECT_EQ(handler.fate, Fate::kCancelled);
}

TEST_F(Timeout, GivesWayToTheRoutesOwnLimit) {
    handler.takes = 60s;
    web::Router router;
    router.raw(web::Method::kGet, "/", [this](web::Exchange&) { return handler.run(); });
    web::App app({.title = "Test", .version = "1"});
    app.include(router.within(20ms)).use(std::make_shared<web::Timeout>(60s));
    EXPECT_EQ(web::TestClient(app).get("/").status, 504);
}

TEST_F(Timeout, PassesFailuresOn) {
    handler.failure = std::make_exception_ptr(std::runtime_error("broken"));
    EXPECT_EQ(ask({5s}).status, 500);
}

TEST_F(Timeout, HasToBePositive) {
    EXPECT_THROW(web::Timeout(0ms), std::invalid_argument);
}

}  // namespace
