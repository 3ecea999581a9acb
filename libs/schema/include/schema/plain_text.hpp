// Single values as plain text, without JSON's quotes: for cursors, files and headers.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <schema/scalar_codecs.hpp>

namespace schema {

/// The text of a string, number, boolean, time or word.
template <class T>
[[nodiscard]] std::string to_text(const T& value) {
    if constexpr (std::convertible_to<const T&, const std::string&>) {
        return value;
    } else {
        auto text = to_json(value);
        // What is no string has quotes at most around it, and nothing to escape within.
        if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
        return text;
    }
}

/// The reverse, with T's rules; nullopt when the text is no T.
template <Codable T>
[[nodiscard]] std::optional<T> from_text(std::string_view text) {
    std::vector<Issue> issues;
    return Codec<T>::decode(Value::from_text(text), Issues(issues));
}

}  // namespace schema
