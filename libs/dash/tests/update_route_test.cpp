// POST _dash-update-component, from the request to the handler and back.
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <dash/app.hpp>
#include <dash/html.hpp>
#include <web/app.hpp>
#include <web/test_client.hpp>

#include "fixture.hpp"

namespace {

using base::Task;
using boost::json::parse;
using testing::HasSubstr;
using testing::Not;

struct Shop {
    int items = 3;
};

using Figure = dash::Output<"graph", "figure">;
using Title = dash::Output<"graph", "title">;
using Summary = dash::Output<"summary", "children">;

Task<dash::Update<Figure, Title, Summary>> show(
    dash::Input<"category", "value", std::optional<std::string>> category,
    dash::State<"limit", "value", std::int32_t> limit, web::Dep<Shop> shop) {
    dash::Update<Figure, Title, Summary> update;
    if (*category == "none") co_return update;
    update.set<Figure>({{"y", std::numeric_limits<double>::quiet_NaN()}, {"limit", *limit}});
    if (*category) update.set<Title>(**category);
    update.set<Summary>(shop->items);
    co_return update;
}

using Failure = dash::Update<dash::Output<"failing", "children">>;

Task<Failure> fail(dash::Input<"how", "value", std::string> how) {
    if (*how == "unavailable") throw base::Unavailable("the shop is closed");
    throw std::runtime_error("a secret");
    co_return Failure();
}

class UpdateRoute : public testing::Test {
protected:
    explicit UpdateRoute(bool debug = false) : app_({.title = "Test", .version = "1"}) {
        dash::App dash({.max_callback_bytes = 1000, .debug = debug}, dash::tests::fake_suites());
        dash.layout([](const web::Request&) { return dash::html::div({}); });
        dash.callback<show>().callback<fail>().clientside({"a", "b"}, {{"page", "lang"}}, {});
        app_.include(dash.router()).provide(shop_);
    }

    web::TestClient::Reply update(const std::string& body,
                                  const std::string& type = "application/json") {
        return client_.send({.method = web::Method::kPost,
                             .target = "/dash/_dash-update-component",
                             .headers = {{"Content-Type", type}},
                             .body = body});
    }
    // A call of `show` with the JSON of both its arguments.
    web::TestClient::Reply show_with(const std::string& category, const std::string& limit) {
        return update(
            R"({"output": "..graph.figure...graph.title...summary.children..", "changedPropIds": [],
                "inputs": [{"id": "category", "property": "value", "value": )" +
            category + R"(}], "state": [{"id": "limit", "property": "value", "value": )" + limit +
            "}]}");
    }
    web::TestClient::Reply fail_with(const std::string& how) {
        return update(R"({"output": "failing.children", "inputs":
            [{"id": "how", "property": "value", "value": ")" +
                      how + "\"}]}");
    }

    Shop shop_;
    web::App app_;
    web::TestClient client_{app_};
};

TEST_F(UpdateRoute, AnswersWithTheNewValuesByComponent) {
    const auto reply = show_with("\"books\"", "7");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_EQ(reply.json(), parse(R"({"multi": true, "response": {
        "graph": {"figure": {"y": null, "limit": 7}, "title": "books"},
        "summary": {"children": 3}}})"));
}

TEST_F(UpdateRoute, LeavesOutWhatStaysAsItIs) {
    const auto response = show_with("null", "7").json().at("response");
    EXPECT_FALSE(response.at("graph").as_object().contains("title"));
}

TEST_F(UpdateRoute, AnswersWithNoContentWhenNothingChanges) {
    const auto reply = show_with("\"none\"", "7");
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.body, "");
}

TEST_F(UpdateRoute, ReportsValuesOfTheWrongType) {
    const auto reply = show_with("[1]", "\"many\"");
    EXPECT_EQ(reply.status, 422);
    const auto errors = reply.json().at("errors");
    ASSERT_EQ(errors.as_array().size(), 2U);
    EXPECT_EQ(errors.at(0).at("pointer"), "/inputs/category.value");
    EXPECT_EQ(errors.at(1).at("pointer"), "/state/limit.value");
}

TEST_F(UpdateRoute, ReportsMissingArguments) {
    const auto reply = update(R"({"output": "failing.children", "inputs": []})");
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.json().at("errors").at(0).at("code"), "missing");
}

TEST_F(UpdateRoute, RefusesWhatIsNoCall) {
    EXPECT_EQ(update("{\"output\": ").status, 400);
    EXPECT_EQ(update("").status, 400);
    EXPECT_EQ(update("[]").status, 400);
    EXPECT_EQ(update("{}", "text/plain").status, 415);
    EXPECT_EQ(update(std::string(1001, ' ')).status, 413);
}

TEST_F(UpdateRoute, RefusesAnUnknownOutput) {
    EXPECT_EQ(update(R"({"output": "graph.figure"})").status, 404);
    // Runs in the browser, never here.
    EXPECT_EQ(update(R"({"output": "page.lang"})").status, 404);
}

TEST_F(UpdateRoute, HidesWhyACallbackFailed) {
    const auto reply = fail_with("badly");
    EXPECT_EQ(reply.status, 500);
    EXPECT_THAT(reply.body, Not(HasSubstr("secret")));
    EXPECT_EQ(fail_with("unavailable").status, 503);
}

class DebuggedUpdateRoute : public UpdateRoute {
protected:
    DebuggedUpdateRoute() : UpdateRoute(true) {}
};

TEST_F(DebuggedUpdateRoute, TellsWhyACallbackFailed) {
    const auto reply = fail_with("badly");
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.json().at("detail"), "a secret");
    EXPECT_EQ(show_with("null", "1").status, 200);
}

}  // namespace
