#include <algorithm>

#include <web/content.hpp>
#include <web/http.hpp>

namespace web {
namespace {

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    return text;
}

std::string_view take_until(std::string_view& text, char separator) {
    const auto part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return trim(part);
}

// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), in thousandths.
std::optional<int> parse_weight(std::string_view text) {
    constexpr std::string_view kLongest = "0.000";
    if (!text.starts_with('0') && !text.starts_with('1')) return std::nullopt;
    if (text.size() > kLongest.size() || (text.size() > 1 && text[1] != '.')) return std::nullopt;
    int weight = text.starts_with('1') ? 1000 : 0;
    int unit = 100;
    for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        weight += (text[i] - '0') * unit;
    }
    if (weight > 1000) return std::nullopt;
    return weight;
}

std::optional<int> find_weight(std::string_view parameters) {
    while (!parameters.empty()) {
        auto value = take_until(parameters, ';');
        const auto name = take_until(value, '=');
        if (iequals(name, "q")) return parse_weight(value);
    }
    return 1000;
}

// 0: the range does not match; else the more, the more specific.
int specificity(std::string_view range, std::string_view type) {
    if (iequals(range, type)) return 3;
    const auto slash = type.find('/');
    if (range.ends_with("/*") &&
        iequals(range.substr(0, range.size() - 2), type.substr(0, slash))) {
        return 2;
    }
    return range == "*/*" ? 1 : 0;
}

}  // namespace

std::string_view media_type(std::string_view content_type) noexcept {
    return take_until(content_type, ';');
}

std::optional<Preference> take_preference(std::string_view& header) noexcept {
    while (!header.empty()) {
        auto parameters = take_until(header, ',');
        const auto value = take_until(parameters, ';');
        if (!value.empty()) return Preference{value, find_weight(parameters)};
    }
    return std::nullopt;
}

bool accepts(std::string_view accept_header, std::string_view type) noexcept {
    int best = 0;
    bool empty = true;
    bool accepted = false;
    while (const auto range = take_preference(accept_header)) {
        empty = false;
        if (!range->weight || range->value.find('/') == std::string_view::npos) return true;
        const int level = specificity(range->value, type);
        if (level > best) {
            best = level;
            accepted = *range->weight > 0;
        }
    }
    return accepted || empty;
}

}  // namespace web
