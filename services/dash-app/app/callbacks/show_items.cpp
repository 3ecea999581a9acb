#include <functional>
#include <set>

#include <callbacks/show_items.hpp>
#include <fmt/format.h>
#include <i18n/texts.hpp>

#include <dash/dcc.hpp>

namespace app {
namespace {

std::string summary_text(const Listing& listing, Language language) {
    const auto& text = texts(language);
    if (listing.items.empty()) return std::string(text.no_items);
    if (listing.items.size() == 1) return std::string(text.one_item);
    return fill(listing.complete ? text.items : text.newest_items,
                format_count(static_cast<std::int64_t>(listing.items.size()), language));
}

// Of the items on show. The one that is chosen stays in the list even when its items are gone.
boost::json::array category_options(const Listing& all, const std::optional<std::string>& chosen) {
    std::set<std::string> names;
    for (const auto& item : all.items)
        names.insert(item.category);
    if (chosen) names.insert(*chosen);
    std::vector<dash::dcc::Option> options;
    for (const auto& name : names)
        options.push_back({name, name});
    return dash::dcc::to_json(options);
}

ItemsUpdate items_update(const Listing& all, const Listing& shown, const FigureOptions& options) {
    auto figure = items_figure(shown.items, options);
    ItemsUpdate update;
    update.set<Figure>(std::move(figure.figure))
        .set<FigureStyle>({{"height", fmt::format("{}px", figure.height)}})
        .set<ChartTitle>(figure.title)
        .set<Summary>(summary_text(shown, options.language))
        .set<Notice>("")
        .set<Categories>(category_options(all, options.category));
    return update;
}

ItemsUpdate problem_update(ItemsProblem problem, Language language) {
    const auto& text = texts(language);
    ItemsUpdate update;
    update.set<Notice>(problem == ItemsProblem::kAway ? text.api_away : text.api_unexpected);
    return update;
}

// Differs whenever the page would look different.
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

    ItemsUpdate update;
    const auto all = co_await source->newest(std::nullopt);
    const auto selected = options.category && std::holds_alternative<Listing>(all)
                              ? co_await source->newest(options.category)
                              : all;
    if (const auto* problem = std::get_if<ItemsProblem>(&selected)) {
        update = problem_update(*problem, options.language);
    } else {
        update = items_update(std::get<Listing>(all), std::get<Listing>(selected), options);
    }

    auto name = name_of(update);
    if (name == *shown) co_return ItemsUpdate();
    update.set<Shown>(name);
    co_return update;
}

}  // namespace app
