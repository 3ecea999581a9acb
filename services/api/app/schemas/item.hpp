// Items, as clients and the database see them. Every rule is part of a type: stated here once, and
// from here checked (422), documented (OpenAPI), stored (SQL) and carried to the React app (its
// generated types).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <base/decimal.hpp>
#include <base/time.hpp>
#include <schema/schema.hpp>

namespace app {

using ItemId = schema::Constrained<std::int64_t, schema::ge(1)>;
using ItemName = schema::Constrained<std::string, schema::trimmed, schema::printable,
                                     schema::min_length(1), schema::max_length(120)>;
using ItemDescription = schema::Constrained<std::string, schema::trimmed, schema::printable_lines,
                                            schema::max_length(2000)>;
using ItemCategory = schema::Constrained<std::string, schema::trimmed, schema::printable,
                                         schema::min_length(1), schema::max_length(60)>;
using ItemPrice = schema::Constrained<base::Decimal<2>, schema::ge(0),
                                      schema::le(base::Decimal<2>::from_units(
                                          999'999'999'999))>;  // numeric(12,2)
using ItemQuantity = schema::Constrained<std::int32_t, schema::ge(0)>;

/// A client's item: to create it, or to replace it completely.
struct ItemCreate {
    ItemName name;
    std::optional<ItemDescription> description;
    ItemCategory category;
    ItemPrice price;
    ItemQuantity quantity;
};
BOOST_DESCRIBE_STRUCT(ItemCreate, (), (name, description, category, price, quantity))
inline std::string_view example(std::type_identity<ItemCreate>) {
    return R"({"name": "Desk lamp", "description": "Brass, with a linen shade.",
               "category": "home", "price": 39.9, "quantity": 12})";
}

/// POST /v1/items/bulk
struct ItemBulkCreate {
    schema::Constrained<std::vector<ItemCreate>, schema::min_items(1), schema::max_items(1000)>
        items;
};
BOOST_DESCRIBE_STRUCT(ItemBulkCreate, (), (items))

/// PATCH: absent members stay unchanged; null removes the description.
struct ItemPatch {
    schema::Omissible<ItemName> name;
    schema::Omissible<std::optional<ItemDescription>> description;
    schema::Omissible<ItemCategory> category;
    schema::Omissible<ItemPrice> price;
    schema::Omissible<ItemQuantity> quantity;
};
BOOST_DESCRIBE_STRUCT(ItemPatch, (), (name, description, category, price, quantity))
inline std::string_view example(std::type_identity<ItemPatch>) {
    return R"({"price": 34.5, "description": null})";
}

struct ItemKey {
    ItemId id;
};
BOOST_DESCRIBE_STRUCT(ItemKey, (), (id))

/// An item as it is stored: a row of the table items, and what clients read.
struct ItemRead : ItemKey, ItemCreate {
    base::Timestamp created_at;
    base::Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ItemRead, (ItemKey, ItemCreate), (created_at, updated_at))
inline std::string_view example(std::type_identity<ItemRead>) {
    return R"({"id": 17, "name": "Desk lamp", "description": "Brass, with a linen shade.",
               "category": "home", "price": 39.9, "quantity": 12,
               "created_at": "2026-01-31T12:00:00.000000Z",
               "updated_at": "2026-02-01T08:30:00.250000Z"})";
}

struct ItemBulk {
    std::vector<ItemRead> items;  ///< in the order in which they were sent
};
BOOST_DESCRIBE_STRUCT(ItemBulk, (), (items))

/// A client chooses it, so that it can retry a request safely.
using IdempotencyKey = schema::Constrained<std::string, schema::printable, schema::min_length(1),
                                           schema::max_length(255)>;

/// Every update moves updated_at forward, so it names a version of the item.
[[nodiscard]] std::string entity_tag(const ItemRead& item);
/// The updated_at that an entity tag was made of; nullopt when it was not made by us.
[[nodiscard]] std::optional<base::Timestamp> version_of_entity_tag(const std::string& tag);

}  // namespace app
