// The table item_events: pages of it, and its end.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <services/item_events.hpp>

#include <postgres/query_runner.hpp>

namespace app {

/// The oldest events after that place, at most `limit`. Events of transactions that are open, or
/// that are younger than one that is, are not there yet: reading again yields them.
[[nodiscard]] base::Task<std::vector<PositionedEvent>> read_events(postgres::QueryRunner& database,
                                                                   EventPosition after,
                                                                   std::int64_t limit);

/// Behind the last event that read_events() could yield.
[[nodiscard]] base::Task<EventPosition> end_of_events(postgres::QueryRunner& database);

/// True if the log still has the event at that position, and so all later ones.
[[nodiscard]] base::Task<bool> has_event_at(postgres::QueryRunner& database,
                                            EventPosition position);

/// Removes events that are older than 24 hours, at most `limit` of them, in the order in which they
/// are read; returns how many.
[[nodiscard]] base::Task<std::int64_t> forget_old_events(postgres::QueryRunner& database,
                                                         std::int64_t limit);

}  // namespace app
