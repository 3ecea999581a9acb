// Lists of items: filters, sort orders and pages.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <schemas/item.hpp>

#include <base/fixed_string.hpp>
#include <schema/schema.hpp>

namespace app {

/// The orders of a list of items; "-" is descending.
using ItemSort = schema::OneOf<"id", "-id", "name", "-name", "price", "-price", "quantity",
                               "-quantity", "created_at", "-created_at">;

/// All that there is to know of a column that lists are sorted by. The table of them is
/// sort_column()'s, in item_list.cpp.
struct SortColumn {
    std::string_view name;      ///< of the column, and in ItemSort
    std::string_view sql_type;  ///< of the column: what a cursor's text is cast to
    /// The column's value as PostgreSQL reads it.
    std::string (*text_of)(const ItemRead& item);
    /// True if `text` is exactly what text_of() writes for a value that the column can have.
    bool (*accepts)(std::string_view text);
};

[[nodiscard]] const SortColumn& sort_column(ItemSort sort);
[[nodiscard]] bool is_descending(ItemSort sort);

/// The position after which a page of items starts: opaque to clients, but not secret.
struct ItemCursor {
    ItemSort sort;
    std::string value;  ///< of the sort column; empty when that is the id
    ItemId id;          ///< breaks ties

    [[nodiscard]] static ItemCursor after(const ItemRead& item, ItemSort sort);

    /// URL-safe base64 of the parts.
    [[nodiscard]] std::string to_string() const;
    /// nullopt for anything that to_string() cannot have written: a forged cursor must be the
    /// client's error, not the database's.
    [[nodiscard]] static std::optional<ItemCursor> parse(const std::string& text);
    friend bool operator==(const ItemCursor&, const ItemCursor&) = default;
};

/// Items on a page.
inline constexpr std::int32_t kDefaultPageSize = 20;
inline constexpr std::int32_t kMaxPageSize = 100;

/// Which items, and in which order.
struct ItemSelection {
    /// Matched literally and without regard to case, in name and description.
    std::optional<schema::Constrained<std::string, schema::trimmed, schema::printable,
                                      schema::min_length(1), schema::max_length(120)>>
        q;
    std::optional<ItemCategory> category;
    std::optional<ItemPrice> min_price;
    std::optional<ItemPrice> max_price;
    schema::Default<ItemSort, base::FixedString("id")> sort;
};
BOOST_DESCRIBE_STRUCT(ItemSelection, (), (q, category, min_price, max_price, sort))
[[nodiscard]] bool validate(const ItemSelection& selection, const schema::Issues& issues);

/// Which page of them.
struct ItemFilter : ItemSelection {
    schema::Default<schema::Constrained<std::int32_t, schema::ge(1), schema::le(kMaxPageSize)>,
                    kDefaultPageSize>
        limit;
    std::optional<ItemCursor> cursor;
    schema::Default<bool, false> include_total;
};
BOOST_DESCRIBE_STRUCT(ItemFilter, (ItemSelection), (limit, cursor, include_total))
[[nodiscard]] bool validate(const ItemFilter& filter, const schema::Issues& issues);

struct ItemPage {
    std::vector<ItemRead> items;
    std::optional<ItemCursor> next_cursor;  ///< null: this is the last page
    schema::Omissible<std::int64_t> total;  ///< only with include_total=true
};
BOOST_DESCRIBE_STRUCT(ItemPage, (), (items, next_cursor, total))

}  // namespace app

template <>
struct schema::Codec<app::ItemCursor> {
    static std::optional<app::ItemCursor> decode(const Value& value, const Issues& issues);
    static void encode(std::string& out, const app::ItemCursor& cursor) {
        Codec<std::string>::encode(out, cursor.to_string());
    }
    static boost::json::object describe(Components&) {
        return {{"type", "string"},
                {"maxLength", 1024},
                {"description", "Opaque: the next_cursor of another page in the same order."}};
    }
};
