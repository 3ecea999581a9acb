// Bodies of several parts, as HTML forms with files send them (RFC 7578; RFC 2046, section 5.1).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace web {

inline constexpr std::size_t kMaxParts = 100;
inline constexpr std::size_t kMaxPartHeaderBytes = 4096;
inline constexpr std::size_t kMaxPartNameBytes = 200;

/// `bytes` points into the body.
struct Part {
    std::string name;
    std::optional<std::string> filename;  ///< there: the part is a file
    std::string content_type;
    std::string_view bytes;
};

/// Why a body is refused: 400 when it is malformed, 413 when it exceeds a limit above.
struct MultipartError {
    int status;
    std::string detail;
};

/// The boundary in "multipart/form-data; boundary=..."; nullopt: no valid boundary.
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

[[nodiscard]] std::variant<std::vector<Part>, MultipartError> parse_multipart(
    std::string_view body, std::string_view boundary);

}  // namespace web
