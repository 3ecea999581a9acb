// Against a real server on a port of this machine: the API as this client sees it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <services/api_items_source.hpp>

#include <schema/text.hpp>
#include <web/app.hpp>
#include <web/server.hpp>

namespace {

using Outcome = std::variant<app::Listing, app::ItemsProblem>;

boost::json::object item(std::size_t id) {
    return {{"id", id},     {"name", "Item"}, {"description", nullptr}, {"category", "Toys"},
            {"price", 9.5}, {"quantity", 3},  {"a_later_member", true}};
}

class ApiItems : public testing::Test {
protected:
    // Serves `count` items, a hundred a page; the cursor is the number of the next.
    web::Response list(web::Exchange& exchange) {
        targets_.push_back(exchange.request().target);
        if (!body_.empty()) return web::text_response(status_, "application/json", body_);
        std::size_t first = 0;
        for (const auto& [name, value] : exchange.query()) {
            if (name == "cursor") first = std::stoul(value);
        }
        boost::json::array items;
        const auto last = std::min(first + 100, count_);
        for (auto id = first; id < last; ++id)
            items.push_back(item(id + 1));
        boost::json::value next = nullptr;
        if (last < count_) next = boost::json::string(std::to_string(last));
        std::string json;
        schema::append_json(json, {{"items", std::move(items)}, {"next_cursor", next}});
        return web::text_response(status_, "application/json", std::move(json));
    }

    Outcome newest(std::optional<std::string> category = std::nullopt) {
        boost::asio::io_context context;
        boost::asio::io_context* const contexts[] = {&context};
        web::Router router;
        router.raw(web::Method::kGet, "/v1/items",
                   [this](web::Exchange& exchange) { return web::completed(list(exchange)); });
        web::App api({.title = "API", .version = "1", .root_path = ""});
        api.include(router);
        web::Server server({.host = "127.0.0.1"}, api, contexts);
        server.start();
        web::Client client({.base_url = "http://127.0.0.1:" + std::to_string(server.port())});
        app::ApiItemsSource source(client, registry_);
        Outcome outcome = app::ItemsProblem::kUnexpected;
        boost::asio::co_spawn(context, source.newest(std::move(category)),
                              [&](const std::exception_ptr& failure, Outcome result) {
                                  EXPECT_FALSE(failure);
                                  outcome = std::move(result);
                                  context.stop();
                              });
        context.run();
        return outcome;
    }

    std::size_t count_ = 0;
    int status_ = 200;
    std::string body_;
    std::vector<std::string> targets_;
    telemetry::Registry registry_;
};

TEST_F(ApiItems, AreReadPageByPage) {
    count_ = 250;
    const auto listing = std::get<app::Listing>(newest());
    EXPECT_EQ(listing.items.size(), 250U);
    EXPECT_TRUE(listing.complete);
    EXPECT_EQ(listing.items.front().price.units(), 950);
    EXPECT_EQ(targets_.size(), 3U);
    EXPECT_EQ(targets_.back(), "/v1/items?sort=-created_at&limit=100&cursor=200");
}

TEST_F(ApiItems, AreBounded) {
    count_ = 5000;
    const auto listing = std::get<app::Listing>(newest());
    EXPECT_EQ(listing.items.size(), app::kMaxListed);
    EXPECT_FALSE(listing.complete);
    EXPECT_EQ(targets_.size(), 10U);
}

TEST_F(ApiItems, CanBeThoseOfACategory) {
    (void)newest("Home & Garden");
    EXPECT_EQ(targets_.front(),
              "/v1/items?sort=-created_at&limit=100&category=Home%20%26%20Garden");
}

TEST_F(ApiItems, AreAwayWhenTheApiSaysTryAgain) {
    body_ = "{}";
    for (const int status : {429, 500, 503}) {
        status_ = status;
        EXPECT_EQ(std::get<app::ItemsProblem>(newest()), app::ItemsProblem::kAway) << status;
    }
    EXPECT_NE(registry_.render().find("dashboard_api_up 0"), std::string::npos);
}

TEST_F(ApiItems, AreUnexpectedWhenTheAnswerMakesNoSense) {
    for (const auto* body : {"<html>", "{}", R"({"items": [{"id": 1}], "next_cursor": null})"}) {
        body_ = body;
        EXPECT_EQ(std::get<app::ItemsProblem>(newest()), app::ItemsProblem::kUnexpected) << body;
    }
    status_ = 404;
    EXPECT_EQ(std::get<app::ItemsProblem>(newest()), app::ItemsProblem::kUnexpected);
}

}  // namespace
