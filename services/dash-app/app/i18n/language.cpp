#include <charconv>
#include <optional>

#include <i18n/language.hpp>

#include <web/http.hpp>

namespace app {
namespace {

std::string_view trim(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

// "es-MX" speaks "es".
std::optional<Language> language_of_range(std::string_view range) {
    const auto primary = range.substr(0, range.find('-'));
    for (const auto language : {kEnglish, kSpanish}) {
        if (web::iequals(primary, language.view())) return language;
    }
    return std::nullopt;
}

// The "0.8" of ";q=0.8"; 1 when there is none, 0 when it cannot be read.
double weight(std::string_view parameters) {
    const auto start = parameters.find("q=");
    if (start == std::string_view::npos) return 1;
    const auto text = trim(parameters.substr(start + 2));
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

Language preferred_language(std::string_view accept_language) {
    auto best = kEnglish;
    double best_weight = 0;
    while (!accept_language.empty()) {
        const auto comma = accept_language.find(',');
        const auto part = trim(accept_language.substr(0, comma));
        accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size()
                                                                      : comma + 1);
        const auto semicolon = part.find(';');
        const auto language = language_of_range(trim(part.substr(0, semicolon)));
        const auto preference =
            semicolon == std::string_view::npos ? 1 : weight(part.substr(semicolon));
        // Of equals, the first wins.
        if (language && preference > best_weight) {
            best = *language;
            best_weight = preference;
        }
    }
    return best;
}

}  // namespace app
