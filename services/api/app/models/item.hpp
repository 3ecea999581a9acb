// An item as the database has it: one row of the table items.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include <base/decimal.hpp>
#include <base/time.hpp>

namespace app {

struct ItemRow {
    std::int64_t id;
    std::string name;
    std::optional<std::string> description;
    std::string category;
    base::Decimal<2> price;
    std::int32_t quantity;
    base::Timestamp created_at;
    base::Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ItemRow, (),
                      (id, name, description, category, price, quantity, created_at, updated_at))

/// What the database is told of a new item; the rest it makes up itself.
struct NewItemRow {
    std::string name;
    std::optional<std::string> description;
    std::string category;
    base::Decimal<2> price;
    std::int32_t quantity;
};
BOOST_DESCRIBE_STRUCT(NewItemRow, (), (name, description, category, price, quantity))

}  // namespace app
