// The elements of a page, as the Dash front end reads them: a tree of components with properties.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace dash {

/// One component. html.hpp and dcc.hpp create Dash's own components; any other works the same:
/// Component("dash_html_components", "Blockquote", {{"id", "wisdom"}, {"children", "..."}})
///
/// Properties without a value are omitted from the JSON, so the component uses its default.
struct Component {
    Component(std::string library_name, std::string type_name, boost::json::object properties = {})
        : library(std::move(library_name)),
          type(std::move(type_name)),
          props(std::move(properties)) {}

    std::string library;  ///< "dash_html_components"; "namespace" in the protocol, a keyword here
    std::string type;     ///< "Div"
    boost::json::object props;
};

/// A text or a component within another.
using Child = std::variant<std::string, Component>;
using Children = std::vector<Child>;

/// {"type":"Div","namespace":"dash_html_components","props":{...}}
[[nodiscard]] boost::json::value to_json(Component component);

/// The value of the `children` property: null without children, a single child as itself, else a
/// list.
[[nodiscard]] boost::json::value to_json(Children children);

}  // namespace dash
