#include <optional>

#include <i18n/language.hpp>

#include <web/content.hpp>
#include <web/http.hpp>

namespace app {
namespace {

// "es-MX" means "es".
std::optional<Language> language_of_range(std::string_view range) {
    const auto primary = range.substr(0, range.find('-'));
    for (const auto language : {kEnglish, kSpanish}) {
        if (web::iequals(primary, language.view())) return language;
    }
    return std::nullopt;
}

}  // namespace

Language preferred_language(std::string_view accept_language) {
    auto best = kEnglish;
    int best_weight = 0;
    while (const auto preference = web::take_preference(accept_language)) {
        const auto language = language_of_range(preference->value);
        const int weight = preference->weight.value_or(0);
        // Of equal weights, the first wins.
        if (language && weight > best_weight) {
            best = *language;
            best_weight = weight;
        }
    }
    return best;
}

}  // namespace app
