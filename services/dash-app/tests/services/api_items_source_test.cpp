// Against a real server on a port of this machine: the API as this client sees it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <services/api_items_source.hpp>

#include <web/app.hpp>
#include <web/server.hpp>

namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

using Outcome = std::variant<app::Stock, app::ItemsProblem>;

constexpr auto kStatistics = R"({
    "total": {"items": 9, "quantity": 5000000000, "value": 92233720368547758.07, "later": 1},
    "categories": [
        {"category": "Toys", "items": 7, "quantity": 30, "value": 9.5, "later": {"a": [1]}}],
    "other_categories": {"items": 2, "quantity": 1, "value": 0},
    "prices": [{"low": 0, "high": 10, "items": 8, "quantity": 30, "value": 9.5},
               {"low": 10, "high": null, "items": 1, "quantity": 1, "value": 0}],
    "days": [{"day": "2026-01-01", "items": 9}]})";
constexpr auto kListing = R"({
    "items": [{"id": 1, "name": "Ball", "description": null, "category": "Toys", "price": 9.5,
               "quantity": 3, "created_at": "2026-01-01T00:00:00.000000Z", "later": true}],
    "next_cursor": "abc", "total": 1234})";

class ApiItems : public testing::Test {
protected:
    base::Task<web::Response> answer(web::Exchange& exchange) {
        targets_.push_back(exchange.request().target);
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        while (targets_.size() < answers_from_) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        const bool statistics = exchange.path() == "/v1/items/stats";
        co_return web::text_response(statistics ? 200 : status_, "application/json",
                                     statistics ? statistics_ : listing_);
    }

    Outcome read(std::optional<app::Selection> selection = std::nullopt) {
        targets_.clear();
        boost::asio::io_context context;
        boost::asio::io_context* const contexts[] = {&context};
        web::Router router;
        for (const auto* path : {"/v1/items", "/v1/items/stats"}) {
            router.raw(web::Method::kGet, path,
                       [this](web::Exchange& exchange) { return answer(exchange); });
        }
        web::App api({.title = "API", .version = "1", .root_path = ""});
        api.include(router);
        web::Server server({.host = "127.0.0.1"}, api, contexts);
        server.start();
        web::Client client(
            {.base_url = "http://127.0.0.1:" + std::to_string(server.port()), .timeout = timeout_},
            contexts);
        app::ApiItemsSource source(client, registry_);
        Outcome outcome = app::ItemsProblem::kUnexpected;
        boost::asio::co_spawn(context, source.read(std::move(selection)),
                              [&](const std::exception_ptr& failure, Outcome result) {
                                  EXPECT_FALSE(failure);
                                  outcome = std::move(result);
                                  context.stop();
                              });
        context.run();
        return outcome;
    }

    std::string statistics_ = kStatistics;
    std::string listing_ = kListing;
    int status_ = 200;              // of the listing
    std::size_t answers_from_ = 0;  // holds answers back until so many requests are there
    std::chrono::seconds timeout_{60};
    std::vector<std::string> targets_;
    telemetry::Registry registry_;
};

const app::Selection kToys{.category = "Toys"};

TEST_F(ApiItems, AreReadInOneCall) {
    const auto stock = std::get<app::Stock>(read());
    EXPECT_THAT(targets_, ElementsAre("/v1/items/stats"));
    EXPECT_FALSE(stock.listing);
    const auto& statistics = stock.statistics;
    EXPECT_EQ(statistics.total.quantity, 5'000'000'000);
    EXPECT_EQ(statistics.total.value.units(), 9'223'372'036'854'775'807);
    ASSERT_EQ(statistics.categories.size(), 1U);
    EXPECT_EQ(statistics.categories[0].category, "Toys");
    EXPECT_EQ(statistics.categories[0].value.units(), 950);
    EXPECT_EQ(statistics.other_categories.items, 2);
    ASSERT_EQ(statistics.prices.size(), 2U);
    EXPECT_EQ(statistics.prices[0].high->units(), 1000);
    EXPECT_FALSE(statistics.prices[1].high);
    EXPECT_NE(registry_.render().find("dashboard_api_up 1"), std::string::npos);
}

TEST_F(ApiItems, OfACategoryAreOnePageMore) {
    const auto stock = std::get<app::Stock>(read(app::Selection{.category = "Home & Garden"}));
    EXPECT_THAT(targets_,
                UnorderedElementsAre("/v1/items/stats",
                                     "/v1/items?category=Home%20%26%20Garden&sort=-created_at"
                                     "&limit=100&include_total=true"));
    ASSERT_TRUE(stock.listing);
    EXPECT_EQ(stock.listing->total, 1234);
    ASSERT_EQ(stock.listing->items.size(), 1U);
    EXPECT_EQ(stock.listing->items[0].name, "Ball");
    EXPECT_EQ(stock.listing->items[0].price.units(), 950);
    EXPECT_EQ(stock.statistics.total.items, 9);
}

TEST_F(ApiItems, ComeInTheOrderThatIsAskedFor) {
    (void)read(app::Selection{.category = "Toys", .order = app::Order::kMostUnits});
    EXPECT_THAT(targets_, testing::Contains(testing::HasSubstr("&sort=-quantity&")));
    (void)read(app::Selection{.category = "Toys", .order = app::Order::kDearest});
    EXPECT_THAT(targets_, testing::Contains(testing::HasSubstr("&sort=-price&")));
}

// So that a read takes as long as one call may.
TEST_F(ApiItems, AreAskedForAtTheSameTime) {
    answers_from_ = 2;
    EXPECT_TRUE(std::holds_alternative<app::Stock>(read(kToys)));
}

TEST_F(ApiItems, AreAwayWhenTheAnswerDoesNotComeInTime) {
    answers_from_ = 3;
    timeout_ = std::chrono::seconds(1);
    EXPECT_EQ(std::get<app::ItemsProblem>(read()), app::ItemsProblem::kAway);
    EXPECT_EQ(std::get<app::ItemsProblem>(read(kToys)), app::ItemsProblem::kAway);
    EXPECT_NE(registry_.render().find("dashboard_api_up 0"), std::string::npos);
}

TEST_F(ApiItems, AreAwayWhenTheApiSaysTryAgain) {
    for (const int status : {429, 500, 503}) {
        status_ = status;
        EXPECT_EQ(std::get<app::ItemsProblem>(read(kToys)), app::ItemsProblem::kAway) << status;
    }
    EXPECT_NE(registry_.render().find("dashboard_api_up 0"), std::string::npos);
}

TEST_F(ApiItems, AreUnexpectedWhenTheAnswerMakesNoSense) {
    for (const auto* body : {"<html>", "{}", R"({"total": 1})"}) {
        statistics_ = body;
        EXPECT_EQ(std::get<app::ItemsProblem>(read()), app::ItemsProblem::kUnexpected) << body;
    }
    statistics_ = kStatistics;
    listing_ = R"({"items": [{"name": "Ball"}], "next_cursor": null, "total": 1})";
    EXPECT_EQ(std::get<app::ItemsProblem>(read(kToys)), app::ItemsProblem::kUnexpected);
    listing_ = kListing;
    status_ = 404;
    EXPECT_EQ(std::get<app::ItemsProblem>(read(kToys)), app::ItemsProblem::kUnexpected);
}

}  // namespace
