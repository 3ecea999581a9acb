// The interactive components of pages (npm's dash-core-components).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <dash/component.hpp>

namespace dash::dcc {

/// One choice of a Dropdown or of RadioItems.
struct Option {
    std::string label;
    std::string value;
};

/// The value of an `options` property.
[[nodiscard]] boost::json::array to_json(const std::vector<Option>& options);

struct DropdownProps {
    std::string id;
    std::vector<Option> options;
    std::optional<std::string> value;  ///< nullopt: no choice
    std::string placeholder;
    bool clearable = true;
    bool searchable = true;
    /// The component's own texts by their key ("search", "clear_selection", ...), to translate
    /// them.
    boost::json::object labels;
};
[[nodiscard]] Component dropdown(DropdownProps props);

struct RadioItemsProps {
    std::string id;
    std::vector<Option> options;
    std::string value;
    std::string class_name;
    /// The browser keeps the choice (in its local storage) and restores it on the next visit.
    bool remember = false;
};
[[nodiscard]] Component radio_items(RadioItemsProps props);

struct GraphProps {
    std::string id;
    std::string class_name;
    boost::json::object figure;  ///< https://plotly.com/javascript/reference/
    boost::json::object config;  ///< https://plotly.com/javascript/configuration-options/
};
[[nodiscard]] Component graph(GraphProps props);

/// Increments its property `n_intervals` in the browser: the input of a callback that polls.
[[nodiscard]] Component interval(std::string id, std::chrono::milliseconds period);

/// Stores a value in the page, in its property `data`, without showing it.
[[nodiscard]] Component store(std::string id);

}  // namespace dash::dcc
