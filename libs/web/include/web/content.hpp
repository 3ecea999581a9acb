// Media types and what a client accepts (RFC 9110, sections 8.3 and 12.5.1).
#pragma once

#include <string_view>

namespace web {

/// "application/json" of "Application/JSON; charset=utf-8", in its original case.
[[nodiscard]] std::string_view media_type(std::string_view content_type) noexcept;

/// Whether an Accept header allows a media type such as "application/json": the most specific range
/// that matches decides, and a weight of 0 forbids. A malformed header allows everything.
[[nodiscard]] bool accepts(std::string_view accept_header, std::string_view type) noexcept;

}  // namespace web
