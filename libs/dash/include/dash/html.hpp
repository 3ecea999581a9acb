// The HTML elements of pages (npm's dash-html-components).
#pragma once

#include <string>

#include <dash/component.hpp>

namespace dash::html {

/// The common properties of all elements; an empty text is not set. `more` has any other property
/// in React's spelling, such as {"role", "status"} or {"htmlFor", "category"}.
struct Attributes {
    std::string id;
    std::string class_name;
    boost::json::object more;
};

[[nodiscard]] Component div(Attributes attributes, Children children = {});
[[nodiscard]] Component header(Attributes attributes, Children children = {});
[[nodiscard]] Component main(Attributes attributes, Children children = {});
[[nodiscard]] Component section(Attributes attributes, Children children = {});
[[nodiscard]] Component h1(Attributes attributes, Children children = {});
[[nodiscard]] Component h2(Attributes attributes, Children children = {});
[[nodiscard]] Component p(Attributes attributes, Children children = {});
[[nodiscard]] Component span(Attributes attributes, Children children = {});
[[nodiscard]] Component label(Attributes attributes, Children children = {});
[[nodiscard]] Component a(Attributes attributes, Children children = {});

}  // namespace dash::html
