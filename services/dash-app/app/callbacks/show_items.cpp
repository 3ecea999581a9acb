#include <functional>
#include <set>

#include <callbacks/show_items.hpp>
#include <fmt/format.h>
#include <i18n/texts.hpp>

#include <dash/dcc.hpp>

namespace app {
namespace {

// The items that the chart probably needs. By units these are exactly the right ones. The API
// cannot sort by value, but most items of the largest value are among the most expensive ones.
Order order_of(Chart chart) {
    if (chart == kQuantity) return Order::kMostUnits;
    return chart == kValue ? Order::kDearest : Order::kNewest;
}

// The request in addition to the statistics, which contain no single items.
std::optional<Selection> selection_of(const FigureOptions& options) {
    if (!options.category) return std::nullopt;
    return Selection{.category = *options.category, .order = order_of(options.chart)};
}

std::string summary_text(const Stock& stock, const FigureOptions& options) {
    const auto& text = texts(options.language);
    const auto count = [&options](std::int64_t number) {
        return format_count(number, options.language);
    };
    const auto total = stock.listing ? stock.listing->total : stock.statistics.total.items;
    if (total == 0) return std::string(text.no_items);
    if (total == 1) return std::string(text.one_item);
    const auto listed =
        stock.listing ? static_cast<std::int64_t>(stock.listing->items.size()) : total;
    if (listed >= total || options.chart == kQuantity) return fill(text.items, count(total));
    const auto some = options.chart == kValue ? text.dearest_items : text.newest_items;
    return fill(fill(some, count(listed)), count(total));
}

// The categories with the most items. The selected one stays in the list even if its items are
// gone.
boost::json::array category_options(const Statistics& statistics,
                                    const std::optional<std::string>& chosen) {
    std::set<std::string> names;
    for (const auto& each : statistics.categories)
        names.insert(each.category);
    if (chosen) names.insert(*chosen);
    std::vector<dash::dcc::Option> options;
    for (const auto& name : names)
        options.push_back({name, name});
    return dash::dcc::to_json(options);
}

ItemsUpdate items_update(const Stock& stock, const FigureOptions& options) {
    auto figure = items_figure(stock, options);
    ItemsUpdate update;
    update.set<Figure>(std::move(figure.figure))
        .set<FigureStyle>({{"height", fmt::format("{}px", figure.height)}})
        .set<ChartTitle>(figure.title)
        .set<Summary>(summary_text(stock, options))
        .set<Notice>("")
        .set<Categories>(category_options(stock.statistics, options.category));
    return update;
}

ItemsUpdate problem_update(ItemsProblem problem, Language language) {
    const auto& text = texts(language);
    ItemsUpdate update;
    update.set<Notice>(problem == ItemsProblem::kAway ? text.api_away : text.api_unexpected);
    return update;
}

// Changes whenever the page would look different.
std::string name_of(const ItemsUpdate& update) {
    std::string content;
    for (const auto& value : update.values()) {
        if (value) schema::append_json(content, *value);
        content += '\n';
    }
    return fmt::format("{:016x}", std::hash<std::string>()(content));
}

}  // namespace

base::Task<ItemsUpdate> show_items(
    dash::Input<"poll", "n_intervals", std::optional<std::int64_t>> /*poll*/,
    dash::Input<"category", "value", std::optional<std::string>> category,
    dash::Input<"chart", "value", Chart> chart, dash::Input<"language", "value", Language> language,
    ShownNow shown, web::Dep<ItemsSource> source) {
    const FigureOptions options{.chart = *chart, .category = *category, .language = *language};

    const auto stock = co_await source->read(selection_of(options));
    const auto* problem = std::get_if<ItemsProblem>(&stock);
    auto update = problem != nullptr ? problem_update(*problem, options.language)
                                     : items_update(std::get<Stock>(stock), options);

    auto name = name_of(update);
    if (name == *shown) co_return ItemsUpdate();
    update.set<Shown>(name);
    co_return update;
}

}  // namespace app
