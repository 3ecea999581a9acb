// The page and its callbacks through every layer but the socket.
#include <application.hpp>
#include <fake_items_source.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <web/test_client.hpp>

namespace {

using app::tests::item;
using testing::HasSubstr;

// The bundles of the page are tested in libs/dash; these tests need the installed ones.
std::shared_ptr<const dash::Suites> suites() {
    static const auto loaded =
        std::make_shared<const dash::Suites>(std::string(REPOSITORY) + "/node_modules");
    return loaded;
}

class Dashboard : public testing::Test {
protected:
    boost::json::object update(const std::string& language = "en",
                               const boost::json::value& category = nullptr,
                               const std::string& chart = "quantity") {
        const auto input = [](const char* id, const char* property,
                              const boost::json::value& value) {
            return boost::json::object{{"id", id}, {"property", property}, {"value", value}};
        };
        const auto reply = client_.post(
            "/dash/_dash-update-component",
            {{"output",
              "..shown.data...items-graph.figure...items-graph.style...chart-title.children..."
              "summary.children...notice.children...category.options.."},
             {"inputs",
              boost::json::array{input("poll", "n_intervals", 1),
                                 input("category", "value", category),
                                 input("chart", "value", boost::json::string(chart)),
                                 input("language", "value", boost::json::string(language))}},
             {"state", boost::json::array{input("shown", "data", shown_)}}});
        if (reply.status == 204) return {};
        EXPECT_EQ(reply.status, 200) << reply.body;
        auto response = reply.json().at("response").as_object();
        shown_ = response.at("shown").at("data");
        return response;
    }

    app::tests::FakeItemsSource items_;
    std::unique_ptr<web::App> app_ = app::make_application(
        items_, suites(), {.assets = std::string(REPOSITORY) + "/services/dash-app/assets"});
    web::TestClient client_{*app_};
    boost::json::value shown_ = nullptr;
};

TEST_F(Dashboard, SpeaksTheBrowsersLanguage) {
    const auto page = client_.get("/dash/", {{"Accept-Language", "es-ES,en;q=0.5"}});
    EXPECT_THAT(page.body, HasSubstr("<html lang=\"es\">"));
    EXPECT_THAT(page.body, HasSubstr("<title>Panel de datos"));
    const auto layout = client_.get("/dash/_dash-layout", {{"Accept-Language", "es"}});
    EXPECT_THAT(layout.body, HasSubstr("Todas las categorías"));
    EXPECT_THAT(client_.get("/dash/_dash-layout").body, HasSubstr("All categories"));
}

TEST_F(Dashboard, TranslatesItselfOnRequest) {
    std::string key;
    const auto callbacks = client_.get("/dash/_dash-dependencies").json();
    for (const auto& callback : callbacks.as_array()) {
        const std::string output(callback.at("output").as_string());
        if (output.starts_with("..page-title")) key = output;
    }
    const auto reply =
        client_.post("/dash/_dash-update-component",
                     {{"output", key},
                      {"inputs", {{{"id", "language"}, {"property", "value"}, {"value", "es"}}}}});
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto response = reply.json().at("response");
    EXPECT_EQ(response.at("page-title").at("children"), "Panel de datos");
    EXPECT_EQ(response.at("page-texts").at("data").at("language"), "es");
}

TEST_F(Dashboard, ShowsTheItems) {
    items_.items = {item("Ball", "Toys", 100, 3), item("Novel", "Books", 100, 1)};
    const auto page = update();
    EXPECT_EQ(page.at("summary").at("children"), "2 items shown");
    EXPECT_EQ(page.at("notice").at("children"), "");
    EXPECT_EQ(page.at("category").at("options"), boost::json::parse(R"([
        {"label": "Books", "value": "Books"}, {"label": "Toys", "value": "Toys"}])"));
    EXPECT_EQ(update("en", "Toys").at("summary").at("children"), "1 item shown");
}

TEST_F(Dashboard, ChangesNothingWhenAPollFindsNothingNew) {
    items_.items = {item("Ball", "Toys", 100, 3)};
    EXPECT_FALSE(update().empty());
    EXPECT_TRUE(update().empty());
    items_.items.push_back(item("Novel", "Books", 100, 1));
    EXPECT_EQ(update().at("summary").at("children"), "2 items shown");
}

TEST_F(Dashboard, KeepsTheChartWhileTheApiIsAwayAndRecovers) {
    items_.items = {item("Ball", "Toys", 100, 3)};
    EXPECT_FALSE(update().empty());

    items_.problem = app::ItemsProblem::kAway;
    const auto away = update();
    EXPECT_THAT(std::string(away.at("notice").at("children").as_string()),
                HasSubstr("is not answering"));
    EXPECT_FALSE(away.contains("items-graph"));
    EXPECT_TRUE(update().empty()) << "the notice is there already";

    items_.problem.reset();
    const auto back = update();
    EXPECT_EQ(back.at("notice").at("children"), "");
    EXPECT_TRUE(back.contains("items-graph"));
}

TEST_F(Dashboard, SaysWhenThereIsMoreOrNothing) {
    EXPECT_EQ(update("es").at("summary").at("children"), "Todavía no hay artículos.");
    items_.items.assign(12'345, item("Ball", "Toys", 100, 3));
    EXPECT_EQ(update("es").at("summary").at("children"), "Se muestran 12.345 artículos");
    EXPECT_EQ(update("es", "Toys", "value").at("summary").at("children"),
              "Se muestran los 100 artículos más caros de 12.345");
    EXPECT_EQ(update("es", "Toys", "price").at("summary").at("children"),
              "Se muestran los 100 artículos más recientes de 12.345");
    EXPECT_EQ(update("en", "Toys", "price").at("summary").at("children"),
              "The newest 100 of 12,345 items shown");
}

TEST_F(Dashboard, FindsTheLargestOfAllItemsOfACategory) {
    items_.items.assign(150, item("Ball", "Toys", 100, 3));
    items_.items.push_back(item("Oldest", "Toys", 200, 4));
    const auto largest = [](const boost::json::object& page) {
        return page.at("items-graph").at("figure").at("data").at(0).at("text").at(0);
    };
    auto page = update("en", "Toys");
    EXPECT_EQ(page.at("summary").at("children"), "151 items shown");
    EXPECT_EQ(largest(page), "4");
    page = update("en", "Toys", "value");
    EXPECT_EQ(page.at("summary").at("children"), "The 100 most expensive of 151 items shown");
    EXPECT_EQ(largest(page), "8.00");
}

TEST_F(Dashboard, KeepsTheChosenCategoryAmongTheOptions) {
    EXPECT_EQ(update("en", "Gone").at("category").at("options").at(0).at("value"), "Gone");
}

}  // namespace
