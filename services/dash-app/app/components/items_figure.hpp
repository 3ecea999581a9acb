// The chart: the stock as a plotly.js figure.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>
#include <i18n/language.hpp>
#include <services/items_source.hpp>

#include <schema/schema.hpp>

namespace app {

/// What the chart shows: units, units times price, or the number of items by price.
using Chart = schema::OneOf<"quantity", "value", "price">;

inline constexpr auto kQuantity = *Chart::parse("quantity");
inline constexpr auto kValue = *Chart::parse("value");
inline constexpr auto kPrice = *Chart::parse("price");

/// The maximum number of bars. Further categories are added up in one more bar; further items are
/// omitted.
inline constexpr std::size_t kMaxBars = 20;

struct FigureOptions {
    Chart chart = kQuantity;
    std::optional<std::string> category;  ///< set: bars are its items and not categories
    Language language = kEnglish;
};

struct ItemsFigure {
    std::string title;
    boost::json::object figure;  ///< data and layout
    int height;                  ///< in pixels, by the number of bars
};

/// The stock has a listing when a category is set. Colours are neutral or left to assets/style.css:
/// the browser knows whether the page is dark.
[[nodiscard]] ItemsFigure items_figure(const Stock& stock, const FigureOptions& options);

}  // namespace app
