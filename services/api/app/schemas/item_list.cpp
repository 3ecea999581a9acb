#include <algorithm>

#include <fmt/format.h>
#include <schemas/item_list.hpp>

#include <base/base64.hpp>
#include <base/utf8.hpp>

namespace app {
namespace {

// The longest name is 120 code points of up to 4 bytes.
constexpr std::size_t kMaxCursor = 1024;

template <class T>
bool accepts(std::string_view text) {
    if constexpr (std::convertible_to<T, std::string>) {
        // Any text of any length, because it may have been stored under other rules.
        return base::utf8::length(text).has_value() && !base::utf8::has_control_characters(text);
    } else {
        const auto value = schema::from_text<T>(text);
        if constexpr (std::same_as<T, base::Timestamp>) {
            // RFC 3339 has a year 0; PostgreSQL has none.
            if (value &&
                *value < base::Timestamp(std::chrono::sys_days(std::chrono::year(1) / 1 / 1))) {
                return false;
            }
        }
        return value && schema::to_text(*value) == text;
    }
}

template <auto Member>
constexpr SortColumn column(std::string_view name, std::string_view sql_type) {
    using T = std::remove_cvref_t<decltype(std::declval<ItemRead>().*Member)>;
    return {name, sql_type, [](const ItemRead& item) { return schema::to_text(item.*Member); },
            accepts<T>};
}

constexpr std::array kSortColumns{
    // The id breaks ties, and cursors have it anyway.
    SortColumn{"id", "bigint", [](const ItemRead&) { return std::string(); },
               [](std::string_view text) { return text.empty(); }},
    column<&ItemRead::name>("name", "text"),
    column<&ItemRead::price>("price", "numeric"),
    column<&ItemRead::quantity>("quantity", "integer"),
    column<&ItemRead::created_at>("created_at", "timestamptz"),
};

// ItemSort has each column twice, ascending and descending.
constexpr bool table_fits_sort() {
    if (ItemSort::words.size() != 2 * kSortColumns.size()) return false;
    for (std::size_t i = 0; i < ItemSort::words.size(); ++i) {
        const auto word = ItemSort::words[i];
        if (word.substr(i % 2) != kSortColumns[i / 2].name) return false;
        if (i % 2 == 1 && !word.starts_with('-')) return false;
    }
    return true;
}
static_assert(table_fits_sort());

}  // namespace

const SortColumn& sort_column(ItemSort sort) {
    return kSortColumns[sort.index() / 2];
}

bool is_descending(ItemSort sort) {
    return sort.index() % 2 == 1;
}

ItemCursor ItemCursor::after(const ItemRead& item, ItemSort sort) {
    return {sort, sort_column(sort).text_of(item), item.id};
}

std::string ItemCursor::to_string() const {
    return base::encode_base64url(fmt::format("{}|{}|{}", sort.view(), id.value(), value));
}

std::optional<ItemCursor> ItemCursor::parse(const std::string& text) {
    if (text.size() > kMaxCursor) return std::nullopt;
    const auto decoded = base::decode_base64url(text);
    if (!decoded) return std::nullopt;
    const std::string_view parts = *decoded;
    const auto first = parts.find('|');
    const auto second = parts.find('|', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
    const auto sort = ItemSort::parse(parts.substr(0, first));
    const auto id = schema::from_text<ItemId>(parts.substr(first + 1, second - first - 1));
    const auto value = parts.substr(second + 1);
    if (!sort || !id || !sort_column(*sort).accepts(value)) return std::nullopt;
    ItemCursor cursor{*sort, std::string(value), *id};
    // Numbers have spellings that mean the same: accept only the canonical one.
    if (cursor.to_string() != text) return std::nullopt;
    return cursor;
}

bool validate(const ItemSelection& selection, const schema::Issues& issues) {
    if (selection.min_price && selection.max_price && *selection.max_price < *selection.min_price) {
        issues.at("max_price").fail("price_range", "must not be below min_price");
        return false;
    }
    return true;
}

bool validate(const ItemFilter& filter, const schema::Issues& issues) {
    const ItemSelection& selection = filter;
    bool valid = validate(selection, issues);
    if (filter.cursor && filter.cursor->sort != filter.sort) {
        issues.at("cursor").fail("cursor", fmt::format("belongs to another order ({}); start over "
                                                       "without a cursor",
                                                       filter.cursor->sort.view()));
        valid = false;
    }
    return valid;
}

}  // namespace app

std::optional<app::ItemCursor> schema::Codec<app::ItemCursor>::decode(const Value& value,
                                                                      const Issues& issues) {
    const auto text = Codec<std::string>::decode(value, issues);
    if (!text) return std::nullopt;
    auto cursor = app::ItemCursor::parse(*text);
    if (!cursor) issues.fail("cursor", "must be the next_cursor of another page");
    return cursor;
}
