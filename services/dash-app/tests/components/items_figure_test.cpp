#include <fake_items_source.hpp>

#include <components/items_figure.hpp>
#include <gtest/gtest.h>

namespace {

using app::items_figure;
using app::tests::item;

const boost::json::value& trace(const app::ItemsFigure& figure) {
    return figure.figure.at("data").at(0);
}

TEST(ItemsFigure, SumsUnitsByCategoryLargestFirst) {
    const auto figure = items_figure(
        {item("a", "Toys", 100, 2), item("b", "Books", 100, 5), item("c", "Toys", 100, 4)}, {});
    EXPECT_EQ(figure.figure.at("layout").at("yaxis").at("ticktext"),
              boost::json::parse(R"(["Toys", "Books"])"));
    EXPECT_EQ(trace(figure).at("text"), boost::json::parse(R"(["6", "5"])"));
}

TEST(ItemsFigure, MultipliesForTheValue) {
    const auto figure = items_figure({item("a", "Toys", 1050, 200)}, {.chart = app::kValue});
    EXPECT_EQ(trace(figure).at("text").at(0), "2,100.00");
}

TEST(ItemsFigure, ShowsTheItemsOfACategory) {
    const auto figure = items_figure({item("Ball", "Toys", 100, 1), item("Ball", "Toys", 100, 1)},
                                     {.category = "Toys", .language = app::kSpanish});
    EXPECT_EQ(figure.title, "Unidades en existencias: Toys");
    EXPECT_EQ(trace(figure).at("x").as_array().size(), 2U) << "items may share a name";
}

TEST(ItemsFigure, SumsUpWhatHasNoBarOfItsOwn) {
    std::vector<app::Item> items;
    for (int i = 0; i < 23; ++i)
        items.push_back(item("x", "Category " + std::to_string(i), 100, 1));
    const auto figure = items_figure(items, {});
    EXPECT_EQ(trace(figure).at("x").as_array().size(), app::kMaxBars + 1);
    EXPECT_EQ(trace(figure).at("customdata").as_array().back(), "3 more: 3");
}

TEST(ItemsFigure, SaysWhenItLeavesItemsOut) {
    const std::vector<app::Item> items(21, item("x", "Toys", 100, 1));
    const auto figure = items_figure(items, {.category = "Toys"});
    EXPECT_EQ(trace(figure).at("x").as_array().size(), app::kMaxBars);
    EXPECT_EQ(figure.title, "Units in stock: Toys (the 20 largest)");
}

TEST(ItemsFigure, ShowsMarkupAsText) {
    const auto figure = items_figure({item("a", "<b>&", 100, 1)}, {});
    EXPECT_EQ(trace(figure).at("customdata").at(0), "&lt;b&gt;&amp;: 1");
}

TEST(ItemsFigure, CutsLongNamesBetweenCharacters) {
    const auto figure = items_figure({item("a", "ññññññññññññ", 100, 1)}, {});
    EXPECT_EQ(figure.figure.at("layout").at("yaxis").at("ticktext").at(0), "ññññññññ…");
}

TEST(ItemsFigure, HasPricesForTheHistogram) {
    const auto figure = items_figure({item("a", "Toys", 1999, 1)}, {.chart = app::kPrice});
    EXPECT_EQ(trace(figure).at("type"), "histogram");
    EXPECT_EQ(trace(figure).at("x").at(0), 19.99);
}

TEST(ItemsFigure, IsEmptyWithoutItems) {
    EXPECT_TRUE(trace(items_figure({}, {})).at("x").as_array().empty());
}

}  // namespace
