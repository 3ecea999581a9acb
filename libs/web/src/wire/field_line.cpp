#include "wire/field_line.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace web::wire {

void append_field_line(std::string& head, std::string_view name, std::string_view value) {
    constexpr std::string_view kBreaking("\r\n\0", 3);
    if (name.empty() || name.find_first_of(": \r\n") != std::string_view::npos ||
        value.find_first_of(kBreaking) != std::string_view::npos) {
        throw std::invalid_argument(fmt::format("header field \"{}\" is malformed", name));
    }
    head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace web::wire
