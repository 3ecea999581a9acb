// Text in HTML.
#pragma once

#include <string>
#include <string_view>

namespace web {

/// The text with &, <, > and " written as entities: safe as the content of an element and within a
/// double-quoted attribute.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace web
