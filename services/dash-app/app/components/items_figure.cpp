#include <algorithm>
#include <map>
#include <tuple>

#include <components/items_figure.hpp>
#include <i18n/texts.hpp>

namespace app {
namespace {

// On white and on black alike it stands out; style.css refines it for either.
constexpr auto kBarColour = "#0d9488";
constexpr std::size_t kMaxLabelBytes = 18;

struct Bar {
    std::string label;
    double amount = 0;
};

double amount_of(const Item& item, Chart chart) {
    const auto quantity = static_cast<double>(item.quantity);
    if (chart == kQuantity) return quantity;
    // A chart is no ledger: a double is exact enough for the length of a bar.
    return quantity * static_cast<double>(item.price.units()) / 100;
}

// plotly.js reads a little HTML in texts, and three entities; a name is to be shown as it is.
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

// Long names would push the bars out of a narrow screen. Cuts between UTF-8 characters.
std::string shorten(const std::string& text) {
    if (text.size() <= kMaxLabelBytes) return text;
    auto end = kMaxLabelBytes - 1;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end) + "…";
}

// The largest first; equals by name.
void sort_by_amount(std::vector<Bar>& bars) {
    std::ranges::sort(bars, [](const Bar& a, const Bar& b) {
        return std::tie(b.amount, a.label) < std::tie(a.amount, b.label);
    });
}

std::vector<Bar> category_bars(const std::vector<Item>& items, const FigureOptions& options) {
    std::map<std::string, double> sums;
    for (const auto& item : items)
        sums[item.category] += amount_of(item, options.chart);
    std::vector<Bar> bars;
    for (const auto& [category, amount] : sums)
        bars.push_back({category, amount});
    sort_by_amount(bars);
    if (bars.size() <= kMaxBars) return bars;

    Bar rest{.label = fill(texts(options.language).other_categories,
                           std::to_string(bars.size() - kMaxBars))};
    for (auto i = kMaxBars; i < bars.size(); ++i)
        rest.amount += bars[i].amount;
    bars.resize(kMaxBars);
    bars.push_back(std::move(rest));
    return bars;
}

std::vector<Bar> item_bars(const std::vector<Item>& items, const FigureOptions& options) {
    std::vector<Bar> bars;
    for (const auto& item : items)
        bars.push_back({item.name, amount_of(item, options.chart)});
    sort_by_amount(bars);
    if (bars.size() > kMaxBars) bars.resize(kMaxBars);
    return bars;
}

boost::json::object layout(Language language, boost::json::object xaxis,
                           boost::json::object yaxis) {
    xaxis["fixedrange"] = true;
    yaxis["fixedrange"] = true;
    return {
        {"autosize", true},
        {"paper_bgcolor", "rgba(0,0,0,0)"},
        {"plot_bgcolor", "rgba(0,0,0,0)"},
        {"font",
         {{"color", "#71808a"}, {"family", "ui-sans-serif, system-ui, sans-serif"}, {"size", 13}}},
        {"margin", {{"l", 8}, {"r", 64}, {"t", 8}, {"b", 40}, {"pad", 6}}},
        {"separators", language == kSpanish ? ",." : ".,"},
        {"showlegend", false},
        {"bargap", 0.35},
        {"hoverlabel",
         {{"bgcolor", "#1f2a30"}, {"bordercolor", "#1f2a30"}, {"font", {{"color", "#ffffff"}}}}},
        {"xaxis", std::move(xaxis)},
        {"yaxis", std::move(yaxis)},
    };
}

// Horizontal, so that names can be read. Bars sit at numbers, since two items may share a name.
ItemsFigure bar_figure(const std::vector<Bar>& bars, const FigureOptions& options) {
    boost::json::array lengths;
    boost::json::array positions;
    boost::json::array labels;
    boost::json::array amounts;
    boost::json::array hovers;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const auto& bar = bars[i];
        const auto amount =
            options.chart == kQuantity
                ? format_count(static_cast<std::int64_t>(bar.amount), options.language)
                : format_amount(bar.amount, options.language);
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
    boost::json::object xaxis{{"rangemode", "tozero"},
                              {"tickformat", "~s"},
                              {"nticks", 4},
                              {"tickangle", 0},
                              {"gridcolor", "rgba(128,144,152,0.25)"},
                              {"zeroline", false}};
    boost::json::object yaxis{
        {"autorange", "reversed"},       {"automargin", true}, {"tickvals", std::move(positions)},
        {"ticktext", std::move(labels)}, {"showgrid", false},  {"zeroline", false}};
    return {.title = {},
            .figure = {{"data", boost::json::array{std::move(trace)}},
                       {"layout", layout(options.language, std::move(xaxis), std::move(yaxis))}},
            .height = std::max(200, 72 + 32 * static_cast<int>(bars.size()))};
}

ItemsFigure price_figure(const std::vector<Item>& items, Language language) {
    const auto& text = texts(language);
    boost::json::array prices;
    for (const auto& item : items)
        prices.emplace_back(static_cast<double>(item.price.units()) / 100);
    const auto hover = fill(text.hover_price, "%{x}") + "<br>" + fill(text.hover_items, "%{y}");
    boost::json::object trace{{"type", "histogram"},
                              {"x", std::move(prices)},
                              {"nbinsx", 30},
                              {"hovertemplate", hover + "<extra></extra>"},
                              {"marker", {{"color", kBarColour}}}};
    boost::json::object xaxis{{"title", {{"text", text.price_axis}}},
                              {"rangemode", "tozero"},
                              {"showgrid", false},
                              {"zeroline", false}};
    boost::json::object yaxis{{"title", {{"text", text.items_axis}}},
                              {"automargin", true},
                              {"gridcolor", "rgba(128,144,152,0.25)"},
                              {"zeroline", false}};
    auto whole = layout(language, std::move(xaxis), std::move(yaxis));
    whole["bargap"] = 0.06;
    whole["margin"] = {{"l", 48}, {"r", 8}, {"t", 8}, {"b", 48}};
    return {
        .title = std::string(text.price_distribution),
        .figure = {{"data", boost::json::array{std::move(trace)}}, {"layout", std::move(whole)}},
        .height = 420};
}

std::string bar_title(const FigureOptions& options) {
    const auto& text = texts(options.language);
    const bool quantity = options.chart == kQuantity;
    if (options.category) {
        return fill(quantity ? text.quantity_by_item : text.value_by_item, *options.category);
    }
    return std::string(quantity ? text.quantity_by_category : text.value_by_category);
}

}  // namespace

ItemsFigure items_figure(const std::vector<Item>& items, const FigureOptions& options) {
    if (options.chart == kPrice) return price_figure(items, options.language);
    auto figure = bar_figure(
        options.category ? item_bars(items, options) : category_bars(items, options), options);
    figure.title = bar_title(options);
    if (options.category && items.size() > kMaxBars) {
        figure.title += fill(texts(options.language).largest_only, std::to_string(kMaxBars));
    }
    return figure;
}

}  // namespace app
