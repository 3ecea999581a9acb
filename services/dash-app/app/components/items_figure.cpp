#include <algorithm>
#include <tuple>
#include <utility>

#include <components/items_figure.hpp>
#include <i18n/texts.hpp>

namespace app {
namespace {

// Visible on white and on black; style.css refines it for each.
constexpr auto kBarColour = "#0d9488";
constexpr std::size_t kMaxLabelBytes = 18;
constexpr std::size_t kCharacterWidth = 8;  // of a digit, in pixels

struct Bar {
    std::string label;
    double amount = 0;
};

// A double is exact enough for the length of a bar.
double to_double(base::Decimal<2> amount) {
    return static_cast<double>(amount.units()) / 100;
}

double amount_of(const Item& item, Chart chart) {
    const auto quantity = static_cast<double>(item.quantity);
    return chart == kQuantity ? quantity : quantity * to_double(item.price);
}

// Of Totals and CategoryTotals.
double amount_of(const auto& totals, Chart chart) {
    return chart == kQuantity ? static_cast<double>(totals.quantity) : to_double(totals.value);
}

// plotly.js interprets some HTML in texts, but names must appear unchanged. It decodes only a few
// entities: the &quot; of web::escape_html() would be visible.
std::string escape_markup(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

// Long names would push the bars off a narrow screen. Cuts between UTF-8 characters.
std::string shorten(const std::string& text) {
    if (text.size() <= kMaxLabelBytes) return text;
    auto end = kMaxLabelBytes - 1;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end) + "…";
}

// The largest first, equal ones by name.
void sort_by_amount(std::vector<Bar>& bars) {
    std::ranges::sort(bars, [](const Bar& a, const Bar& b) {
        return std::tie(b.amount, a.label) < std::tie(a.amount, b.label);
    });
}

std::vector<Bar> category_bars(const Statistics& statistics, const FigureOptions& options) {
    std::vector<Bar> bars;
    for (const auto& each : statistics.categories)
        bars.push_back({each.category, amount_of(each, options.chart)});
    sort_by_amount(bars);

    Bar rest{.label = std::string(texts(options.language).other_categories),
             .amount = amount_of(statistics.other_categories, options.chart)};
    const bool complete = bars.size() <= kMaxBars && statistics.other_categories.items == 0;
    for (auto i = kMaxBars; i < bars.size(); ++i)
        rest.amount += bars[i].amount;
    if (bars.size() > kMaxBars) bars.resize(kMaxBars);
    if (!complete) bars.push_back(std::move(rest));
    return bars;
}

std::vector<Bar> item_bars(const Listing& listing, const FigureOptions& options) {
    std::vector<Bar> bars;
    for (const auto& item : listing.items)
        bars.push_back({item.name, amount_of(item, options.chart)});
    sort_by_amount(bars);
    if (bars.size() > kMaxBars) bars.resize(kMaxBars);
    return bars;
}

std::string format_price(base::Decimal<2> price, Language language) {
    if (price.units() % 100 == 0) return format_count(price.units() / 100, language);
    return format_amount(to_double(price), language);
}

// Totals of all items, or of the listed ones.
std::int64_t count(const PriceRange& range, const std::optional<Listing>& listing) {
    if (!listing) return range.items;
    return std::ranges::count_if(listing->items, [&range](const Item& item) {
        return item.price >= range.low && (!range.high || item.price < *range.high);
    });
}

// From the first range that has items to the last.
std::vector<Bar> price_bars(const Stock& stock, Language language) {
    std::vector<Bar> bars;
    std::size_t used = 0;
    for (const auto& range : stock.statistics.prices) {
        const auto items = count(range, stock.listing);
        if (items == 0 && bars.empty()) continue;
        const auto low = format_price(range.low, language);
        bars.push_back({range.high ? low + "–" + format_price(*range.high, language) : "≥ " + low,
                        static_cast<double>(items)});
        if (items > 0) used = bars.size();
    }
    bars.resize(used);
    return bars;
}

// Horizontal, so that names can be read. Bars are placed by number, because two items may share a
// name. The amount stands behind each bar instead of an axis, with room for the longest.
ItemsFigure bar_figure(const std::vector<Bar>& bars, const FigureOptions& options) {
    boost::json::array lengths;
    boost::json::array positions;
    boost::json::array labels;
    boost::json::array amounts;
    boost::json::array hovers;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const auto& bar = bars[i];
        const auto amount =
            options.chart == kValue
                ? format_amount(bar.amount, options.language)
                : format_count(static_cast<std::int64_t>(bar.amount), options.language);
        longest = std::max(longest, amount.size());
        lengths.emplace_back(bar.amount);
        positions.emplace_back(i);
        labels.emplace_back(escape_markup(shorten(bar.label)));
        amounts.emplace_back(amount);
        hovers.emplace_back(escape_markup(bar.label) + ": " + amount);
    }
    boost::json::object trace{{"type", "bar"},
                              {"orientation", "h"},
                              {"x", std::move(lengths)},
                              {"y", positions},
                              {"text", std::move(amounts)},
                              {"textposition", "outside"},
                              {"cliponaxis", false},
                              {"customdata", std::move(hovers)},
                              {"hovertemplate", "%{customdata}<extra></extra>"},
                              {"marker", {{"color", kBarColour}}}};
    boost::json::object layout{
        {"autosize", true},
        {"paper_bgcolor", "rgba(0,0,0,0)"},
        {"plot_bgcolor", "rgba(0,0,0,0)"},
        {"font",
         {{"color", "#71808a"}, {"family", "ui-sans-serif, system-ui, sans-serif"}, {"size", 13}}},
        {"margin",
         {{"l", 8}, {"r", 8 + kCharacterWidth * longest}, {"t", 8}, {"b", 8}, {"pad", 6}}},
        // Long labels and amounts stay complete on a narrow screen too.
        {"minreducedwidth", 32},
        {"showlegend", false},
        {"bargap", 0.35},
        {"hoverlabel",
         {{"bgcolor", "#1f2a30"}, {"bordercolor", "#1f2a30"}, {"font", {{"color", "#ffffff"}}}}},
        {"xaxis", {{"visible", false}, {"rangemode", "tozero"}, {"fixedrange", true}}},
        {"yaxis",
         {{"autorange", "reversed"},
          {"automargin", true},
          {"fixedrange", true},
          {"tickvals", std::move(positions)},
          {"ticktext", std::move(labels)},
          {"showgrid", false},
          {"zeroline", false}}}};
    return {
        .title = {},
        .figure = {{"data", boost::json::array{std::move(trace)}}, {"layout", std::move(layout)}},
        .height = std::max(96, 32 + 32 * static_cast<int>(bars.size()))};
}

std::string title_of(const Stock& stock, const FigureOptions& options) {
    const auto& text = texts(options.language);
    if (options.chart == kPrice) return std::string(text.price_distribution);
    const bool quantity = options.chart == kQuantity;
    if (!options.category) {
        return std::string(quantity ? text.quantity_by_category : text.value_by_category);
    }
    auto title = fill(quantity ? text.quantity_by_item : text.value_by_item, *options.category);
    const auto& listing = *stock.listing;
    const auto listed = listing.items.size();
    if (listed <= kMaxBars) return title;
    const auto largest = std::to_string(kMaxBars);
    // By units the listing has the largest of all items; by value, only the largest of the most
    // expensive ones.
    if (quantity || std::cmp_equal(listed, listing.total)) {
        return title + fill(text.largest_only, largest);
    }
    return title + fill(fill(text.largest_of_dearest, largest), std::to_string(listed));
}

std::vector<Bar> bars_of(const Stock& stock, const FigureOptions& options) {
    if (options.chart == kPrice) return price_bars(stock, options.language);
    return options.category ? item_bars(*stock.listing, options)
                            : category_bars(stock.statistics, options);
}

}  // namespace

ItemsFigure items_figure(const Stock& stock, const FigureOptions& options) {
    auto figure = bar_figure(bars_of(stock, options), options);
    figure.title = title_of(stock, options);
    return figure;
}

}  // namespace app
