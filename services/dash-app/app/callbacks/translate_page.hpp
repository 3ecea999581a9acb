// The callback of the language control: every fixed text of the page.
#pragma once

#include <i18n/language.hpp>

#include <dash/callback.hpp>

namespace app {

using PageTitle = dash::Output<"page-title", "children">;
using Subtitle = dash::Output<"page-subtitle", "children">;
using PortalLink = dash::Output<"portal-link", "children">;
using LanguageLabel = dash::Output<"language-label", "children">;
// The controls refer to the ids of these labels; see layouts/items_page.cpp.
using CategoryLabel = dash::Output<"category-value-count", "children">;
using CategoryPlaceholder = dash::Output<"category", "placeholder">;
using CategoryTexts = dash::Output<"category", "labels">;
using ChartLabel = dash::Output<"chart-label", "children">;
using ChartOptions = dash::Output<"chart", "options">;
using Disconnected = dash::Output<"disconnected", "children">;
/// For the parts outside the page's components: assets/page.js.
using PageTexts = dash::Output<"page-texts", "data">;

using Translation =
    dash::Update<PageTitle, Subtitle, PortalLink, LanguageLabel, CategoryLabel, CategoryPlaceholder,
                 CategoryTexts, ChartLabel, ChartOptions, Disconnected, PageTexts>;

[[nodiscard]] base::Task<Translation> translate_page(
    dash::Input<"language", "value", Language> language);

}  // namespace app
