// Media types and what a client prefers (RFC 9110, sections 8.3 and 12).
#pragma once

#include <optional>
#include <string_view>

namespace web {

/// "application/json" of "Application/JSON; charset=utf-8", in its original case.
[[nodiscard]] std::string_view media_type(std::string_view content_type) noexcept;

/// An element of Accept, Accept-Encoding or Accept-Language.
struct Preference {
    std::string_view value;  ///< "text/*" of "text/*;level=1;q=0.5"
    /// In thousandths: 1000 without one, 0 forbids. nullopt: it is not of the form that RFC 9110,
    /// section 12.4.2 demands.
    std::optional<int> weight;
};

/// Removes the first element from the header and returns it; nullopt: none is left. Skips empty
/// ones.
[[nodiscard]] std::optional<Preference> take_preference(std::string_view& header) noexcept;

/// Whether an Accept header allows a media type such as "application/json": the most specific range
/// that matches decides, and a weight of 0 forbids. A malformed header allows everything.
[[nodiscard]] bool accepts(std::string_view accept_header, std::string_view type) noexcept;

}  // namespace web
