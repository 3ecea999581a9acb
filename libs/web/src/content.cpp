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

// Whether the parameters of a media range say q=0.
bool forbids(std::string_view parameters) {
    while (!parameters.empty()) {
        auto value = take_until(parameters, ';');
        const auto name = take_until(value, '=');
        if (!iequals(name, "q")) continue;
        return value == "0" || (value.starts_with("0.") &&
                                value.find_first_not_of('0', 2) == std::string_view::npos);
    }
    return false;
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

bool accepts(std::string_view accept_header, std::string_view type) noexcept {
    int best = 0;
    bool accepted = trim(accept_header).empty();
    bool well_formed = true;
    while (!accept_header.empty()) {
        auto parameters = take_until(accept_header, ',');
        const auto range = take_until(parameters, ';');
        if (range.empty()) continue;
        well_formed = well_formed && range.find('/') != std::string_view::npos;
        const int level = specificity(range, type);
        if (level > best) {
            best = level;
            accepted = !forbids(parameters);
        }
    }
    return accepted || !well_formed;
}

}  // namespace web
