// The name of a type as the source has it, for the names of schemas.
#pragma once

#include <string_view>

namespace schema {

/// "app::ItemRead"
template <class T>
[[nodiscard]] constexpr std::string_view full_type_name() {
    // "... full_type_name() [T = app::ItemRead]", clang's and g++'s form (g++ appends "; ...").
    constexpr std::string_view function = __PRETTY_FUNCTION__;
    constexpr auto start = function.find("T = ") + 4;
    constexpr auto end = function.find_first_of(";]", start);
    return function.substr(start, end - start);
}

/// "ItemRead": without its namespaces. Meant for plain (not template) types.
template <class T>
[[nodiscard]] constexpr std::string_view type_name() {
    constexpr auto full = full_type_name<T>();
    constexpr auto colon = full.rfind(':');
    return colon == std::string_view::npos ? full : full.substr(colon + 1);
}

}  // namespace schema
