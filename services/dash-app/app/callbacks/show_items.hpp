// The callback of the chart: from the API's items to the content of the page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <components/items_figure.hpp>
#include <i18n/language.hpp>
#include <services/items_source.hpp>

#include <dash/callback.hpp>

namespace app {

/// A name for the current content of the page, so that a poll without news changes nothing.
using ShownNow = dash::State<"shown", "data", std::optional<std::string>>;

using Shown = dash::Output<"shown", "data">;
using Figure = dash::Output<"items-graph", "figure">;
using FigureStyle = dash::Output<"items-graph", "style">;
using ChartTitle = dash::Output<"chart-title", "children">;
using Summary = dash::Output<"summary", "children">;
using Notice = dash::Output<"notice", "children">;
using Categories = dash::Output<"category", "options">;
using ItemsUpdate =
    dash::Update<Shown, Figure, FigureStyle, ChartTitle, Summary, Notice, Categories>;

/// Runs when a control changes and every few seconds. While the API is down, a notice says so and
/// everything else stays. The next successful poll removes the notice.
[[nodiscard]] base::Task<ItemsUpdate> show_items(
    dash::Input<"poll", "n_intervals", std::optional<std::int64_t>> poll,
    dash::Input<"category", "value", std::optional<std::string>> category,
    dash::Input<"chart", "value", Chart> chart, dash::Input<"language", "value", Language> language,
    ShownNow shown, web::Dep<ItemsSource> source);

}  // namespace app
