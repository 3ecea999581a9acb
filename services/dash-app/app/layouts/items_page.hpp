// The page: its controls, the chart and the lines around it.
#pragma once

#include <chrono>
#include <vector>

#include <boost/json/object.hpp>
#include <i18n/language.hpp>

#include <dash/component.hpp>
#include <dash/dcc.hpp>

namespace app {

/// An item that is created elsewhere appears shortly after this time. Every answer must take less,
/// because the front end drops the answer to a poll if the next poll has started.
inline constexpr std::chrono::seconds kPollPeriod(3);

/// A new page in that language. Its callbacks fill in the parts that depend on the items.
[[nodiscard]] dash::Component items_page(Language language);

/// The choices of the chart control.
[[nodiscard]] std::vector<dash::dcc::Option> chart_options(Language language);

/// The texts within the category control.
[[nodiscard]] boost::json::object category_texts(Language language);

}  // namespace app
