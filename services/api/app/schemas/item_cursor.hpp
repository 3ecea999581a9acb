// The position after which a page of items starts: opaque to clients, but not secret.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <schema/schema.hpp>

namespace app {

/// The orders of a list of items; "-" is descending.
using ItemSort = schema::OneOf<"id", "-id", "name", "-name", "price", "-price", "quantity",
                               "-quantity", "created_at", "-created_at">;

/// The last item of a page: the value that the order goes by, as text, and the id that breaks ties.
struct ItemCursor {
    ItemSort sort;
    std::string value;  ///< valid text for the order's column
    std::int64_t id;

    /// URL-safe base64 of the parts.
    [[nodiscard]] std::string to_string() const;
    /// nullopt for anything that to_string() cannot have written.
    [[nodiscard]] static std::optional<ItemCursor> parse(const std::string& text);
    friend bool operator==(const ItemCursor&, const ItemCursor&) = default;
};

}  // namespace app

template <>
struct schema::Codec<app::ItemCursor> {
    static std::optional<app::ItemCursor> decode(const Value& value, const Context& context);
    static void encode(std::string& out, const app::ItemCursor& cursor) {
        Codec<std::string>::encode(out, cursor.to_string());
    }
    static boost::json::object describe(Components&) {
        return {{"type", "string"},
                {"maxLength", 1024},
                {"description", "Opaque: the next_cursor of another page in the same order."}};
    }
};
