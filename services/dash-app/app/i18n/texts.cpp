#include <fmt/format.h>
#include <i18n/texts.hpp>

namespace app {
namespace {

constexpr Texts kEnglishTexts{
    .document_title = "Dashboard · Microservices Learning Platform",
    .title = "Dashboard",
    .subtitle = "Live data from the API. The page refreshes automatically.",
    .portal_link = "Items",
    .language = "Language",
    .no_script = "This page needs JavaScript.",
    .category = "Category",
    .all_categories = "All categories",
    .search = "Search",
    .clear_search = "Clear the search",
    .clear_category = "Show all categories",
    .no_categories = "No category matches",
    .chart = "Chart",
    .chart_quantity = "Units in stock",
    .chart_value = "Stock value",
    .chart_price = "Prices",
    .quantity_by_category = "Units in stock by category",
    .value_by_category = "Stock value by category",
    .quantity_by_item = "Units in stock: {}",
    .value_by_item = "Stock value: {}",
    .largest_only = " (the {} largest)",
    .largest_of_dearest = " (the {} largest of the {} most expensive)",
    .price_distribution = "Items by price",
    .other_categories = "Other categories",
    .one_item = "1 item shown",
    .items = "{} items shown",
    .dearest_items = "The {} most expensive of {} items shown",
    .newest_items = "The newest {} of {} items shown",
    .no_items = "There are no items yet.",
    .api_away =
        "The API is not answering. The chart shows the last known items and refreshes "
        "automatically when the API is available again.",
    .api_unexpected = "The API sent an unexpected answer.",
    .disconnected = "The dashboard's server is not answering. This page reconnects automatically.",
};

constexpr Texts kSpanishTexts{
    .document_title = "Panel de datos · Microservices Learning Platform",
    .title = "Panel de datos",
    .subtitle = "Datos en vivo de la API. La página se actualiza automáticamente.",
    .portal_link = "Artículos",
    .language = "Idioma",
    .no_script = "Esta página necesita JavaScript.",
    .category = "Categoría",
    .all_categories = "Todas las categorías",
    .search = "Buscar",
    .clear_search = "Borrar la búsqueda",
    .clear_category = "Mostrar todas las categorías",
    .no_categories = "Ninguna categoría coincide",
    .chart = "Gráfico",
    .chart_quantity = "Unidades en existencias",
    .chart_value = "Valor de las existencias",
    .chart_price = "Precios",
    .quantity_by_category = "Unidades en existencias por categoría",
    .value_by_category = "Valor de las existencias por categoría",
    .quantity_by_item = "Unidades en existencias: {}",
    .value_by_item = "Valor de las existencias: {}",
    .largest_only = " (los {} mayores)",
    .largest_of_dearest = " (los {} mayores de los {} más caros)",
    .price_distribution = "Artículos por precio",
    .other_categories = "Otras categorías",
    .one_item = "Se muestra 1 artículo",
    .items = "Se muestran {} artículos",
    .dearest_items = "Se muestran los {} artículos más caros de {}",
    .newest_items = "Se muestran los {} artículos más recientes de {}",
    .no_items = "Todavía no hay artículos.",
    .api_away =
        "La API no responde en este momento. El gráfico muestra los últimos datos conocidos y se "
        "actualizará automáticamente cuando la API vuelva a estar disponible.",
    .api_unexpected = "La API envió una respuesta inesperada.",
    .disconnected =
        "El servidor del panel no responde en este momento. Esta página se reconecta "
        "automáticamente.",
};

struct Separators {
    char thousands;
    char decimal;
    std::size_t smallest_grouped;  // digits
};

Separators separators(Language language) {
    if (language == kSpanish) return {'.', ',', 5};
    return {',', '.', 4};
}

std::string group(std::string digits, const Separators& separators) {
    if (digits.size() < separators.smallest_grouped) return digits;
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, separators.thousands);
    return digits;
}

}  // namespace

const Texts& texts(Language language) noexcept {
    return language == kSpanish ? kSpanishTexts : kEnglishTexts;
}

std::string fill(std::string_view text, std::string_view value) {
    std::string filled(text);
    filled.replace(filled.find("{}"), 2, value);
    return filled;
}

std::string format_count(std::int64_t number, Language language) {
    return group(std::to_string(number), separators(language));
}

std::string format_amount(double amount, Language language) {
    const auto plain = fmt::format("{:.2f}", amount);
    const auto marks = separators(language);
    return group(plain.substr(0, plain.size() - 3), marks) + marks.decimal +
           plain.substr(plain.size() - 2);
}

}  // namespace app
