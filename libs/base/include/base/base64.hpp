// Bytes as text that is safe in a URL: base64url (RFC 4648, section 5), without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

/// Letters, digits, "-" and "_"; four characters for three bytes.
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

/// The bytes, or nullopt for a text that encode_base64url() never writes: other characters,
/// padding, an impossible length, or unused bits that are set. So each value has one spelling.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace base
