// The changes of items, as clients see them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

/// A place between two events of the log; see migrations/0002_create_item_events.sql.
struct EventPosition {
    std::uint64_t transaction = 0;
    std::int64_t id = 0;

    /// "758-12", the id of an event on the wire.
    [[nodiscard]] std::string to_string() const;
    /// nullopt for a text that to_string() does not write.
    [[nodiscard]] static std::optional<EventPosition> parse(std::string_view text);

    friend auto operator<=>(const EventPosition&, const EventPosition&) = default;
};

}  // namespace app
