// Text of the platform: valid UTF-8 (RFC 3629), counted in code points.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace base::utf8 {

/// The number of code points, or nullopt when the text is not valid UTF-8 (overlong forms,
/// surrogates and values past U+10FFFF are invalid). PostgreSQL's char_length counts the same.
[[nodiscard]] std::optional<std::size_t> length(std::string_view text) noexcept;

/// True if valid UTF-8 contains a control character (U+0000..U+001F, U+007F..U+009F). Line feed and
/// tab count unless `allow_line_breaks`, for texts of several lines.
[[nodiscard]] bool has_control_characters(std::string_view text,
                                          bool allow_line_breaks = false) noexcept;

/// Without the spaces (ASCII and Unicode White_Space) at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

}  // namespace base::utf8
