#include <gtest/gtest.h>

#include <dash/component.hpp>
#include <dash/dcc.hpp>
#include <dash/html.hpp>

namespace {

using boost::json::parse;
using dash::to_json;
namespace dcc = dash::dcc;
namespace html = dash::html;

TEST(Component, HasTheFormOfTheProtocol) {
    const auto page = html::div({.id = "page", .class_name = "wide"},
                                {html::h1({}, {"Items"}), "and text", html::p({.id = "empty"})});
    EXPECT_EQ(to_json(page), parse(R"({
        "type": "Div", "namespace": "dash_html_components",
        "props": {"id": "page", "className": "wide", "children": [
            {"type": "H1", "namespace": "dash_html_components", "props": {"children": "Items"}},
            "and text",
            {"type": "P", "namespace": "dash_html_components", "props": {"id": "empty"}}]}})"));
}

TEST(Component, LeavesUnsetPropertiesOut) {
    EXPECT_EQ(to_json(html::span({})),
              parse(R"({"type": "Span", "namespace": "dash_html_components", "props": {}})"));
    const auto dropdown = to_json(dcc::dropdown({.id = "choice"}));
    const auto& props = dropdown.at("props").as_object();
    EXPECT_FALSE(props.contains("value"));
    EXPECT_FALSE(props.contains("placeholder"));
    EXPECT_FALSE(props.contains("labels"));
}

TEST(Component, TakesAnyOtherProperty) {
    const auto label = to_json(html::label({.more = {{"htmlFor", "choice"}}}, {"Category"}));
    EXPECT_EQ(label.at("props").at("htmlFor"), "choice");
    const auto quote =
        to_json(dash::Component("dash_html_components", "Blockquote", {{"id", "q"}}));
    EXPECT_EQ(quote.at("type"), "Blockquote");
}

TEST(Children, AreNothingOneOrAList) {
    EXPECT_TRUE(to_json(dash::Children()).is_null());
    EXPECT_EQ(to_json(dash::Children{"one"}), "one");
    EXPECT_EQ(to_json(dash::Children{"one", "two"}), parse(R"(["one", "two"])"));
}

TEST(Dropdown, CarriesOptionsAndItsOwnTexts) {
    const auto dropdown = to_json(dcc::dropdown({.id = "category",
                                                 .options = {{"Books", "books"}},
                                                 .value = "books",
                                                 .placeholder = "All",
                                                 .clearable = false,
                                                 .labels = {{"search", "Buscar"}}}));
    EXPECT_EQ(dropdown.at("namespace"), "dash_core_components");
    EXPECT_EQ(dropdown.at("props"), parse(R"({
        "id": "category", "options": [{"label": "Books", "value": "books"}], "clearable": false,
        "searchable": true, "value": "books", "placeholder": "All", "labels": {"search": "Buscar"}})"));
}

TEST(RadioItems, RemembersTheChoiceWhenAsked) {
    const auto forgetful = to_json(dcc::radio_items({.id = "language", .value = "en"}));
    EXPECT_FALSE(forgetful.at("props").as_object().contains("persistence"));
    const auto radio =
        to_json(dcc::radio_items({.id = "language", .value = "en", .remember = true}));
    EXPECT_EQ(radio.at("props").at("persistence"), true);
    EXPECT_EQ(radio.at("props").at("persistence_type"), "local");
}

TEST(Graph, FollowsTheSizeOfItsContainer) {
    const auto graph = to_json(dcc::graph({.id = "g", .config = {{"displayModeBar", false}}}));
    EXPECT_EQ(graph.at("props").at("responsive"), true);
    EXPECT_EQ(graph.at("props").at("config").at("displayModeBar"), false);
}

TEST(Interval, IsInMilliseconds) {
    const auto interval = to_json(dcc::interval("poll", std::chrono::seconds(3)));
    EXPECT_EQ(interval.at("props"), parse(R"({"id": "poll", "interval": 3000})"));
}

}  // namespace
