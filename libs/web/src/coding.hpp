// Content codings of files: gzip (RFC 1952) and br (RFC 7932), as Accept-Encoding asks for (RFC
// 9110, 12.5.3).
#pragma once

#include <string_view>

namespace web {

enum class Coding { kIdentity, kGzip, kBrotli };

/// The coding of the highest weight; among equals br, then gzip. What the header does not name is
/// not used. Identity also when the header forbids everything: an answer beats none.
[[nodiscard]] Coding choose_coding(std::string_view accept_encoding) noexcept;

}  // namespace web
