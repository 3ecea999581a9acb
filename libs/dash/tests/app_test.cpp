// The routes of an application but the callbacks', which update_route_test.cpp has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <dash/app.hpp>
#include <dash/html.hpp>
#include <web/app.hpp>
#include <web/test_client.hpp>

#include "fixture.hpp"

namespace {

using base::Task;
using testing::HasSubstr;

struct Clock {};

using Told = dash::Update<dash::Output<"out", "children">>;

Task<Told> tell(dash::Input<"in", "value", std::optional<std::string>>, web::Dep<Clock>) {
    co_return Told();
}

dash::Component page(const web::Request& request) {
    return dash::html::div({.id = "page"},
                           {std::string(request.headers.find("X-Who").value_or("nobody"))});
}

class DashApp : public testing::Test {
protected:
    explicit DashApp(std::string prefix = "/dash/") : app_({.title = "Test", .version = "1"}) {
        assets_.write("style.css", "body {}");
        assets_.write("favicon.svg", "<svg/>");
        dash::App dash({.prefix = std::move(prefix), .assets = assets_.path()},
                       dash::tests::fake_suites());
        dash.layout(page).callback<tell>().clientside({"page", "title"}, {{"page", "lang"}},
                                                      {{"texts", "data"}});
        dash.document([](const web::Request& request) {
            return dash::Document{
                .language = std::string(request.headers.find("Accept-Language").value_or("en"))};
        });
        app_.include(dash.router()).provide(clock_);
    }

    dash::tests::TemporaryDirectory assets_;
    Clock clock_;
    web::App app_;
    web::TestClient client_{app_};
};

TEST_F(DashApp, MakesTheLayoutForEachVisit) {
    const auto reply = client_.get("/dash/_dash-layout", {{"X-Who", "Ada"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_EQ(reply.json().at("props").at("children"), "Ada");
    EXPECT_EQ(client_.get("/dash/_dash-layout").json().at("props").at("children"), "nobody");
}

TEST_F(DashApp, ListsItsCallbacks) {
    const auto list = client_.get("/dash/_dash-dependencies").json();
    ASSERT_EQ(list.as_array().size(), 2U);
    EXPECT_EQ(list.at(0).at("output"), "out.children");
    EXPECT_TRUE(list.at(0).at("clientside_function").is_null());
    EXPECT_EQ(list.at(1).at("clientside_function").at("namespace"), "page");
    EXPECT_EQ(list.at(1).at("clientside_function").at("function_name"), "title");
}

TEST_F(DashApp, AnswersWithThePageBelowItsPrefix) {
    for (const auto* path : {"/dash/", "/dash/some/page", "/dash/?x=1"}) {
        const auto reply = client_.get(path, {{"Accept-Language", "es"}});
        EXPECT_EQ(reply.status, 200) << path;
        EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
        EXPECT_THAT(reply.body, HasSubstr(R"(<html lang="es">)"));
    }
}

TEST_F(DashApp, RedirectsToItsPrefix) {
    const auto reply = client_.get("/dash?x=1");
    EXPECT_EQ(reply.status, 307);
    EXPECT_EQ(reply.header("Location"), "/dash/?x=1");
}

TEST_F(DashApp, LeavesOtherPathsAlone) {
    EXPECT_EQ(client_.get("/dashboard").status, 404);
    EXPECT_EQ(client_.get("/").status, 404);
}

TEST_F(DashApp, ServesAssets) {
    const auto reply = client_.get("/dash/assets/style.css");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content(), "body {}");
    EXPECT_NE(reply.header("ETag"), "");
    EXPECT_EQ(client_.get("/dash/assets/none.css").status, 404);
    const auto icon = client_.get("/dash/_favicon.ico");
    EXPECT_EQ(icon.status, 307);
    EXPECT_EQ(icon.header("Location"), "/dash/assets/favicon.svg");
}

TEST_F(DashApp, ServesTheSuites) {
    EXPECT_EQ(client_.get("/dash/_dash-component-suites/dash/dcc/async-graph.js").status, 200);
    EXPECT_EQ(client_.get("/dash/_dash-component-suites/dash/dcc/none.js").status, 404);
}

TEST_F(DashApp, HasAReloadHash) {
    const auto reply = client_.get("/dash/_reload-hash").json();
    EXPECT_FALSE(reply.at("reloadHash").as_string().empty());
    EXPECT_EQ(reply.at("hard"), false);
    EXPECT_TRUE(reply.at("files").as_array().empty());
}

TEST_F(DashApp, TellsWhichMethodsARouteServes) {
    const auto reply = client_.post("/dash/_dash-layout", {});
    EXPECT_EQ(reply.status, 405);
    EXPECT_THAT(reply.header("Allow"), HasSubstr("GET"));
}

class DashAppAtTheRoot : public DashApp {
protected:
    DashAppAtTheRoot() : DashApp("/") {}
};

TEST_F(DashAppAtTheRoot, HasItsRoutesThere) {
    EXPECT_EQ(client_.get("/_dash-layout").status, 200);
    EXPECT_EQ(client_.get("/assets/style.css").status, 200);
    EXPECT_THAT(client_.get("/").body, HasSubstr("new DashRenderer()"));
}

TEST(DashAppSetUp, RefusesMistakes) {
    const auto suites = dash::tests::fake_suites();
    EXPECT_THROW(dash::App({.prefix = "/dash"}, suites), std::invalid_argument);
    EXPECT_THROW((void)dash::App({}, suites).router(), std::logic_error);

    dash::App twice({}, suites);
    twice.layout(page).callback<tell>().callback<tell>();
    EXPECT_THROW((void)twice.router(), std::logic_error);
}

TEST(DashAppSetUp, FindsAMissingDependencyAtStart) {
    dash::App dash({}, dash::tests::fake_suites());
    dash.layout(page).callback<tell>();
    web::App app({.title = "Test", .version = "1"});
    app.include(dash.router());
    EXPECT_THROW(app.start(), std::logic_error);
}

}  // namespace
