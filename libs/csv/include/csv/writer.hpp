// Described structs as CSV (RFC 4180).
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <base/described.hpp>
#include <schema/schema.hpp>

namespace csv {

/// Appends a text as a cell, in quotes where it needs them. A spreadsheet runs a cell that begins
/// with = + - @ (or a tab, CR or LF before one) as a formula, so that such a text gets an
/// apostrophe in front, as does one that begins with apostrophes before such a character:
/// without_apostrophe() is the exact reverse.
void append_text(std::string& out, std::string_view text);
[[nodiscard]] std::string_view without_apostrophe(std::string_view cell) noexcept;

/// The names of T's members as a line, which ends in CRLF.
template <base::Described T>
void append_header(std::string& out) {
    const char* separator = "";
    boost::mp11::mp_for_each<base::Members<T>>([&](auto member) {
        out += std::exchange(separator, ",");
        out += member.name;
    });
    out += "\r\n";
}

namespace detail {

template <class V>
void append_value(std::string& out, const V& value) {
    if constexpr (std::convertible_to<const V&, const std::string&>) {
        append_text(out, static_cast<const std::string&>(value));
    } else {
        out += schema::to_text(value);
    }
}
template <class V>
void append_value(std::string& out, const std::optional<V>& value) {
    // nullopt is an empty cell, an empty text is "".
    if (value) append_value(out, *value);
}

}  // namespace detail

/// The values of T's members, single values each, as a line that ends in CRLF. RowReader reads the
/// same values back.
template <base::Described T>
void append_row(std::string& out, const T& row) {
    const char* separator = "";
    boost::mp11::mp_for_each<base::Members<T>>([&](auto member) {
        out += std::exchange(separator, ",");
        detail::append_value(out, row.*member.pointer);
    });
    out += "\r\n";
}

}  // namespace csv
