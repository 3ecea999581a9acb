#include <base/utf8.hpp>
#include <web/cookie.hpp>

namespace web {

std::optional<std::string_view> find_cookie(std::string_view header,
                                            std::string_view name) noexcept {
    while (!header.empty()) {
        // Several Cookie fields (HTTP/2 through a gateway) were joined with a comma, but a comma is
        // no separator here: one may stand in a value that a lenient server has set.
        const auto end = std::min(header.find(';'), header.size());
        const auto pair = base::utf8::trim(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || base::utf8::trim(pair.substr(0, equals)) != name) {
            continue;
        }
        auto value = base::utf8::trim(pair.substr(equals + 1));
        const bool quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
        return quoted ? value.substr(1, value.size() - 2) : value;
    }
    return std::nullopt;
}

}  // namespace web
