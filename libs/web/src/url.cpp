#include <algorithm>
#include <charconv>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <fmt/format.h>

#include <web/url.hpp>

namespace web {

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            const auto digits = text.substr(i + 1, 2);
            unsigned value = 0;
            const char* const last = digits.data() + digits.size();
            const auto [end, error] = std::from_chars(digits.data(), last, value, 16);
            if (digits.size() != 2 || error != std::errc() || end != last) return std::nullopt;
            decoded += static_cast<char>(value);
            i += 2;
        }
    }
    return decoded;
}

std::string percent_encode(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                                c == '~';
        if (unreserved) {
            encoded += c;
        } else {
            fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

std::optional<QueryFields> parse_query(std::string_view query) {
    QueryFields fields;
    while (!query.empty()) {
        const auto field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(field.size() + 1, query.size()));
        if (field.empty()) continue;
        const auto equals = std::min(field.find('='), field.size());
        auto name = percent_decode(field.substr(0, equals), true);
        auto value = percent_decode(
            equals < field.size() ? field.substr(equals + 1) : std::string_view(), true);
        if (!name || !value) return std::nullopt;
        fields.emplace_back(*std::move(name), *std::move(value));
    }
    return fields;
}

std::optional<std::string> parse_origin(std::string_view text) {
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed || !parsed->encoded_path().empty() || parsed->has_query() ||
        parsed->has_fragment() || parsed->has_userinfo() || parsed->encoded_host().empty()) {
        return std::nullopt;
    }
    boost::urls::url url(*parsed);
    url.normalize();
    const bool secure = url.scheme_id() == boost::urls::scheme::https;
    if (!secure && url.scheme_id() != boost::urls::scheme::http) return std::nullopt;
    if (url.has_port() && url.port_number() == 0) return std::nullopt;
    if (url.port_number() == (secure ? 443 : 80)) url.remove_port();
    const std::string host(url.encoded_host());
    // Characters that a browser never sends, and that have another meaning in a header field.
    if (host.find_first_of("%;,'*()!$&+=") != std::string::npos) return std::nullopt;
    return fmt::format("{}://{}", std::string_view(url.scheme()),
                       std::string_view(url.encoded_host_and_port()));
}

}  // namespace web
