// Between rows of the table items and what clients see and send.
#pragma once

#include <utility>

#include <models/item.hpp>
#include <schemas/item.hpp>

namespace app {

[[nodiscard]] inline ItemRead to_schema(ItemRow row) {
    return {row.id,
            std::move(row.name),
            std::move(row.description),
            std::move(row.category),
            row.price,
            row.quantity,
            row.created_at,
            row.updated_at};
}

[[nodiscard]] inline NewItemRow to_row(const ItemCreate& item) {
    std::optional<std::string> description;
    if (item.description) description = **item.description;
    return {*item.name, std::move(description), *item.category, *item.price, *item.quantity};
}

}  // namespace app
