#include <fake_items_source.hpp>

#include <components/items_figure.hpp>
#include <gtest/gtest.h>

namespace {

using app::items_figure;
using app::tests::item;
using app::tests::stock_of;

const boost::json::value& trace(const app::ItemsFigure& figure) {
    return figure.figure.at("data").at(0);
}

const boost::json::value& labels(const app::ItemsFigure& figure) {
    return figure.figure.at("layout").at("yaxis").at("ticktext");
}

const app::Selection kToys{.category = "Toys"};

TEST(ItemsFigure, ShowsUnitsByCategoryLargestFirst) {
    const auto figure =
        items_figure(stock_of({item("a", "Toys", 100, 2), item("b", "Books", 100, 5),
                               item("c", "Toys", 100, 4)}),
                     {});
    EXPECT_EQ(figure.title, "Units in stock by category");
    EXPECT_EQ(labels(figure), boost::json::parse(R"(["Toys", "Books"])"));
    EXPECT_EQ(trace(figure).at("text"), boost::json::parse(R"(["6", "5"])"));
}

TEST(ItemsFigure, ShowsTheValueByCategory) {
    const auto figure =
        items_figure(stock_of({item("a", "Toys", 1050, 200)}), {.chart = app::kValue});
    EXPECT_EQ(trace(figure).at("text").at(0), "2,100.00");
}

TEST(ItemsFigure, ShowsTheItemsOfACategory) {
    const auto stock =
        stock_of({item("Ball", "Toys", 1050, 1), item("Ball", "Toys", 100, 3)}, kToys);
    const auto figure = items_figure(stock, {.category = "Toys", .language = app::kSpanish});
    EXPECT_EQ(figure.title, "Unidades en existencias: Toys");
    EXPECT_EQ(trace(figure).at("text"), boost::json::parse(R"(["3", "1"])"))
        << "items may share a name";
    const auto values = items_figure(stock, {.chart = app::kValue, .category = "Toys"});
    EXPECT_EQ(trace(values).at("text"), boost::json::parse(R"(["10.50", "3.00"])"));
}

TEST(ItemsFigure, SumsUpWhatHasNoBarOfItsOwn) {
    std::vector<app::tests::StoredItem> items;
    for (int i = 0; i < 23; ++i)
        items.push_back(item("x", "Category " + std::to_string(i), 100, 1));
    const auto figure = items_figure(stock_of(items), {});
    EXPECT_EQ(trace(figure).at("x").as_array().size(), app::kMaxBars + 1);
    EXPECT_EQ(trace(figure).at("customdata").as_array().back(), "Other categories: 3");
}

TEST(ItemsFigure, SumsUpWhatTheApiHasSummedUp) {
    auto stock = stock_of({item("a", "Toys", 100, 2)});
    stock.statistics.other_categories = {.items = 7, .quantity = 9, .value = {}};
    EXPECT_EQ(trace(items_figure(stock, {})).at("text"), boost::json::parse(R"(["2", "9"])"));
    EXPECT_EQ(labels(items_figure(stock, {.language = app::kSpanish})),
              boost::json::parse(R"(["Toys", "Otras categorías"])"));
}

TEST(ItemsFigure, SaysWhenItLeavesItemsOut) {
    const std::vector items(21, item("x", "Toys", 100, 1));
    const auto figure = items_figure(stock_of(items, kToys), {.category = "Toys"});
    EXPECT_EQ(trace(figure).at("x").as_array().size(), app::kMaxBars);
    EXPECT_EQ(figure.title, "Units in stock: Toys (the 20 largest)");
    const auto values =
        items_figure(stock_of(items, kToys), {.chart = app::kValue, .category = "Toys"});
    EXPECT_EQ(values.title, "Stock value: Toys (the 20 largest)");
}

TEST(ItemsFigure, SaysOfWhichItemsItKnowsTheLargest) {
    const app::Selection dearest{.category = "Toys", .order = app::Order::kDearest};
    const auto stock = stock_of(std::vector(101, item("x", "Toys", 100, 1)), dearest);
    app::FigureOptions options{.chart = app::kValue, .category = "Toys"};
    EXPECT_EQ(items_figure(stock, options).title,
              "Stock value: Toys (the 20 largest of the 100 most expensive)");
    options.chart = app::kQuantity;
    EXPECT_EQ(items_figure(stock, options).title, "Units in stock: Toys (the 20 largest)");
}

TEST(ItemsFigure, ShowsMarkupAsText) {
    const auto figure = items_figure(stock_of({item("a", "<b>&\"", 100, 1)}), {});
    // plotly.js does not know &quot;.
    EXPECT_EQ(trace(figure).at("customdata").at(0), "&lt;b&gt;&amp;\": 1");
}

TEST(ItemsFigure, CutsLongNamesBetweenCharacters) {
    const auto figure = items_figure(stock_of({item("a", "ññññññññññññ", 100, 1)}), {});
    EXPECT_EQ(labels(figure).at(0), "ññññññññ…");
}

TEST(ItemsFigure, HasRoomForTheLongestAmount) {
    const auto room = [](std::int32_t quantity) {
        const auto figure = items_figure(
            stock_of({item("a", "Toys", 100, 1), item("b", "Books", 100, quantity)}), {});
        return figure.figure.at("layout").at("margin").at("r").to_number<int>();
    };
    EXPECT_GE(room(2'000'000'000), room(2) + 12 * 8) << "2,000,000,000";
}

TEST(ItemsFigure, CountsItemsByPrice) {
    const std::vector items{item("a", "Toys", 1000, 9), item("b", "Books", 2499, 1),
                            item("c", "Toys", 1'000'000, 1)};
    const auto figure = items_figure(stock_of(items), {.chart = app::kPrice});
    EXPECT_EQ(figure.title, "Items by price");
    EXPECT_EQ(labels(figure), boost::json::parse(R"(["10–25", "25–10,000", "≥ 10,000"])"))
        << "from the first range that is in use to the last";
    EXPECT_EQ(trace(figure).at("text"), boost::json::parse(R"(["2", "0", "1"])"));

    const auto toys =
        items_figure(stock_of(items, kToys),
                     {.chart = app::kPrice, .category = "Toys", .language = app::kSpanish});
    EXPECT_EQ(labels(toys), boost::json::parse(R"(["10–25", "25–10.000", "≥ 10.000"])"));
    EXPECT_EQ(trace(toys).at("text"), boost::json::parse(R"(["1", "0", "1"])"));
}

TEST(ItemsFigure, IsEmptyWithoutItems) {
    for (const auto chart : {app::kQuantity, app::kValue, app::kPrice}) {
        EXPECT_TRUE(trace(items_figure(stock_of({}), {.chart = chart})).at("x").as_array().empty());
        EXPECT_TRUE(trace(items_figure(stock_of({}, kToys), {.chart = chart, .category = "Toys"}))
                        .at("x")
                        .as_array()
                        .empty());
    }
}

}  // namespace
