// Every text that the page shows, in each of its languages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <i18n/language.hpp>

namespace app {

/// The program does not compile if a language lacks a text. {} stands for a value.
struct Texts {
    std::string_view document_title;
    std::string_view title;
    std::string_view subtitle;
    std::string_view portal_link;
    std::string_view language;
    std::string_view no_script;

    std::string_view category;
    std::string_view all_categories;
    std::string_view search;
    std::string_view clear_search;
    std::string_view clear_category;
    std::string_view no_categories;
    std::string_view chart;
    std::string_view chart_quantity;
    std::string_view chart_value;
    std::string_view chart_price;

    std::string_view quantity_by_category;
    std::string_view value_by_category;
    std::string_view quantity_by_item;    ///< {}: the category
    std::string_view value_by_item;       ///< {}: the category
    std::string_view largest_only;        ///< {}: how many; goes after a title
    std::string_view largest_of_dearest;  ///< {} {}: how many, of how many; goes after a title
    std::string_view price_distribution;
    std::string_view other_categories;

    std::string_view one_item;
    std::string_view items;          ///< {}: how many
    std::string_view dearest_items;  ///< {} {}: how many, of how many
    std::string_view newest_items;   ///< {} {}: how many, of how many
    std::string_view no_items;
    std::string_view api_away;
    std::string_view api_unexpected;
    std::string_view disconnected;
};

[[nodiscard]] const Texts& texts(Language language) noexcept;

/// The text with the value in place of its first {}.
[[nodiscard]] std::string fill(std::string_view text, std::string_view value);

/// "12,345" in English, "12.345" in Spanish, which does not group four digits ("1234").
[[nodiscard]] std::string format_count(std::int64_t number, Language language);

/// With two decimals, like prices.
[[nodiscard]] std::string format_amount(double amount, Language language);

}  // namespace app
