// The languages of the page.
#pragma once

#include <string_view>

#include <schema/schema.hpp>

namespace app {

/// A language code, which is also the value of the page's language control.
using Language = schema::OneOf<"en", "es">;

inline constexpr auto kEnglish = *Language::parse("en");
inline constexpr auto kSpanish = *Language::parse("es");

/// The language that a browser prefers by its Accept-Language (RFC 9110, section 12.5.4); English
/// if it accepts neither.
[[nodiscard]] Language preferred_language(std::string_view accept_language);

}  // namespace app
