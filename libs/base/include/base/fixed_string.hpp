// A string that can be a template argument: Path<"id", ItemId>.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace base {

template <std::size_t N>
struct FixedString {
    char data[N]{};

    // Implicit, so that a string literal can stand where a FixedString is expected.
    consteval FixedString(const char (&text)[N]) { std::copy_n(text, N, data); }
    // All NUL, to be filled by a constant expression.
    consteval FixedString() = default;

    [[nodiscard]] constexpr std::string_view view() const { return {data, N - 1}; }
};

}  // namespace base
