// The changes of items, as clients see them.
#pragma once

#include <optional>

#include <schemas/item.hpp>

#include <base/time.hpp>
#include <schema/schema.hpp>

namespace app {

/// "reset" opens a stream whose beginning is not where the client left off: read again what you
/// show, since the events that follow are all that happened from now on, and only those. It also
/// stands for a change of a kind that this release does not know.
using ItemEventKind = schema::OneOf<"created", "updated", "deleted", "reset">;
inline constexpr auto kReset = *ItemEventKind::parse("reset");

struct ItemEvent {
    ItemEventKind kind = kReset;
    std::optional<base::Timestamp> occurred_at;
    std::optional<ItemRead>
        item;  ///< after the change; of a deleted one, before it; null for reset
};
BOOST_DESCRIBE_STRUCT(ItemEvent, (), (kind, occurred_at, item))

}  // namespace app
