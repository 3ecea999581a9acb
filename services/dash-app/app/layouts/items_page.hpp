// The page: its controls, the chart and the lines around it.
#pragma once

#include <vector>

#include <boost/json/object.hpp>
#include <i18n/language.hpp>

#include <dash/component.hpp>
#include <dash/dcc.hpp>

namespace app {

/// A fresh page in that language. Its callbacks fill in what depends on the items.
[[nodiscard]] dash::Component items_page(Language language);

/// The choices of the chart control.
[[nodiscard]] std::vector<dash::dcc::Option> chart_options(Language language);

/// The texts within the category control.
[[nodiscard]] boost::json::object category_texts(Language language);

}  // namespace app
