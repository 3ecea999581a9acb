// The page: its controls, the chart and the lines around it.
#pragma once

#include <chrono>
#include <vector>

#include <boost/json/object.hpp>
#include <i18n/language.hpp>

#include <dash/component.hpp>
#include <dash/dcc.hpp>

namespace app {

/// An item that is created elsewhere appears within this time and a moment. Every answer takes
/// less: the front end drops the answer to a poll when the next poll is on its way.
inline constexpr std::chrono::seconds kPollPeriod(3);

/// A fresh page in that language. Its callbacks fill in what depends on the items.
[[nodiscard]] dash::Component items_page(Language language);

/// The choices of the chart control.
[[nodiscard]] std::vector<dash::dcc::Option> chart_options(Language language);

/// The texts within the category control.
[[nodiscard]] boost::json::object category_texts(Language language);

}  // namespace app
