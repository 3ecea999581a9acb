#include "multipart.hpp"

#include <algorithm>

#include <base/utf8.hpp>
#include <web/http.hpp>

namespace web {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxBoundaryBytes = 70;  // RFC 2046, section 5.1.1

MultipartError malformed(std::string_view what) {
    return {400, "The form cannot be read: " + std::string(what) + "."};
}
MultipartError too_large(std::string_view what) {
    return {413, "The form is too large: " + std::string(what) + "."};
}

// Takes a token or a quoted string off the front. Within quotes a backslash escapes only a quote
// or a backslash: older browsers send Windows paths unescaped.
std::string take_value(std::string_view& text) {
    std::string value;
    if (!text.starts_with('"')) {
        const auto end = std::min(text.find(';'), text.size());
        value = base::utf8::trim(text.substr(0, end));
        text.remove_prefix(end);
        return value;
    }
    std::size_t i = 1;
    for (; i < text.size() && text[i] != '"'; ++i) {
        const bool escape =
            text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
        if (escape) ++i;
        value += text[i];
    }
    text.remove_prefix(std::min(i + 1, text.size()));
    return value;
}

// A parameter of a header value such as `form-data; name="a"; filename="b"`.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
    auto rest = header.substr(std::min(header.find(';'), header.size()));
    while (rest.starts_with(';')) {
        rest = base::utf8::trim(rest.substr(1));
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const auto key = base::utf8::trim(rest.substr(0, equals));
        rest = rest.substr(equals + 1);
        auto value = take_value(rest);
        if (iequals(key, name)) return value;
        rest = base::utf8::trim(rest);
    }
    return std::nullopt;
}

// Browsers write a quote and line breaks in names as %22, %0D and %0A, and nothing else (WHATWG
// HTML, multipart/form-data encoding algorithm).
std::string unescape_name(std::string name) {
    constexpr std::pair<std::string_view, char> kEscapes[] = {
        {"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}};
    for (const auto& [escape, character] : kEscapes) {
        for (auto at = name.find(escape); at != std::string::npos; at = name.find(escape, at + 1))
            name.replace(at, escape.size(), 1, character);
    }
    return name;
}

// Only the last segment: some clients send the whole path of the file.
std::string base_name(std::string filename) {
    return filename.substr(filename.find_last_of("/\\") + 1);
}

std::variant<Part, MultipartError> parse_part(std::string_view text) {
    const auto end = text.starts_with(kLineEnd) ? 0 : text.find("\r\n\r\n");
    if (end == std::string_view::npos) return malformed("a part has no end of its header");
    if (end > kMaxPartHeaderBytes) return too_large("a part has a long header");
    auto header = text.substr(0, end);
    Part part{.content_type = "text/plain"};
    part.bytes = text.substr(end + (end == 0 ? 2 : 4));
    std::optional<std::string> name;
    while (!header.empty()) {
        const auto line = header.substr(0, header.find(kLineEnd));
        header.remove_prefix(std::min(line.size() + kLineEnd.size(), header.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return malformed("a header of a part has no colon");
        const auto value = base::utf8::trim(line.substr(colon + 1));
        if (iequals(line.substr(0, colon), "Content-Type")) part.content_type = value;
        if (!iequals(line.substr(0, colon), "Content-Disposition")) continue;
        if (!iequals(value.substr(0, value.find(';')), "form-data")) {
            return malformed("a part is no form-data");
        }
        name = parameter(value, "name");
        part.filename = parameter(value, "filename");
    }
    if (!name) return malformed("a part has no name");
    if (name->size() > kMaxPartNameBytes) return too_large("a part has a long name");
    part.name = unescape_name(*std::move(name));
    if (part.filename) part.filename = base_name(unescape_name(*std::move(part.filename)));
    return part;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > kMaxBoundaryBytes) return std::nullopt;
    const bool printable =
        std::ranges::all_of(*boundary, [](char c) { return c >= ' ' && c <= '~'; });
    if (!printable || boundary->ends_with(' ')) return std::nullopt;
    return boundary;
}

std::variant<std::vector<Part>, MultipartError> parse_multipart(std::string_view body,
                                                                std::string_view boundary) {
    const auto delimiter = "\r\n--" + std::string(boundary);
    std::vector<Part> parts;
    // The first delimiter may stand at the very start, without the line break before it.
    const auto first = std::string_view(delimiter).substr(2);
    auto at = body.starts_with(first) ? first.size() : body.find(delimiter);
    if (at == std::string_view::npos) return malformed("it has no part");
    if (at != first.size() || !body.starts_with(first)) at += delimiter.size();
    auto rest = body.substr(at);
    while (!rest.starts_with("--")) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (!rest.starts_with(kLineEnd)) return malformed("a boundary does not end its line");
        rest.remove_prefix(kLineEnd.size());
        const auto end = rest.find(delimiter);
        if (end == std::string_view::npos) return malformed("its last boundary is missing");
        if (parts.size() == kMaxParts) return too_large("it has too many parts");
        auto part = parse_part(rest.substr(0, end));
        if (auto* const error = std::get_if<MultipartError>(&part)) return std::move(*error);
        parts.push_back(std::get<Part>(std::move(part)));
        rest = rest.substr(end + delimiter.size());
    }
    return parts;
}

}  // namespace web
