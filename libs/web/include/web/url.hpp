// Percent-encoding, query strings and origins (RFC 3986; application/x-www-form-urlencoded; RFC
// 6454).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace web {

/// The decoded text, or nullopt for a "%" without two hexadecimal digits. `plus_is_space`: as in
/// query strings.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text,
                                                        bool plus_is_space = false);

/// Everything but RFC 3986's unreserved characters is encoded.
[[nodiscard]] std::string percent_encode(std::string_view text);

using QueryFields = std::vector<std::pair<std::string, std::string>>;

/// The fields of a query string in their order, decoded; nullopt when one cannot be decoded.
[[nodiscard]] std::optional<QueryFields> parse_query(std::string_view query);

/// "https://example.org" or "http://localhost:3000" as a browser writes it in its Origin header
/// (RFC 6454, section 6.2): in lower case, without the scheme's own port. nullopt when the text is
/// no http or https origin, or has a path, a query or a user.
[[nodiscard]] std::optional<std::string> parse_origin(std::string_view text);

}  // namespace web
