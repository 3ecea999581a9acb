// Header fields as they travel; for the server's responses and the client's requests alike.
#pragma once

#include <string>
#include <string_view>

namespace web::wire {

/// Appends "name: value" and the end of the line. Throws std::invalid_argument for a field that
/// would break out of its line (CR, LF or NUL in it): a bug of the caller, or an attack if the text
/// comes from a client (response splitting).
void append_field_line(std::string& head, std::string_view name, std::string_view value);

}  // namespace web::wire
