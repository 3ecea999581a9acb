#include <services/item_event_log.hpp>

#include <postgres/sql.hpp>
#include <postgres/statement.hpp>

namespace app {
namespace {

using base::Task;
using postgres::Statement;

// The record takes the columns that items has today, whatever it had when the event was written.
constexpr Statement kRead{
    "item_events.read",
    postgres::sql<
        "select transaction_id::text as transaction_id, event_id, kind, occurred_at, ",
        postgres::columns_of<ItemRead>,
        " from (select transaction_id, id as event_id, kind, occurred_at, item as record "
        "  from item_events where (transaction_id, id) > ($1::xid8, $2) "
        "  and transaction_id < pg_snapshot_xmin(pg_current_snapshot()) "
        "  order by transaction_id, id limit $3) as event, "
        "jsonb_populate_record(null::items, record) order by event.transaction_id, event_id">};

// By the column, not by its text, for which 999 is above 1000.
constexpr Statement kEnd{
    "item_events.end",
    "select event.transaction_id::text as transaction_id, event.id from item_events as event "
    "where event.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) "
    "order by event.transaction_id desc, event.id desc limit 1"};

constexpr Statement kHas{
    "item_events.has",
    "select exists(select from item_events where transaction_id = $1::xid8 and id = $2)"};

// Removes from the beginning of the log up to the first event that is young, or that readers may
// not have seen. A reader that finds its last event thus also finds all later ones. The inner limit
// prevents a walk through a log without old events. It uses ctid, because PostgreSQL plans a join
// with this limit like a join of all rows.
constexpr Statement kForget{
    "item_events.forget",
    "with oldest as ("
    "  select ctid as place, transaction_id, id, occurred_at < now() - interval '24 hours' "
    "    and transaction_id < pg_snapshot_xmin(pg_current_snapshot()) as old "
    "  from item_events order by transaction_id, id limit ("
    "    select count(*) from (select from item_events "
    "    where occurred_at < now() - interval '24 hours' limit $1) as all_old)"
    "), judged as ("
    "  select place, bool_and(old) over (order by transaction_id, id) as forgotten from oldest"
    ") delete from item_events where ctid = any(array(select place from judged where forgotten))"};

struct EventRow : ItemRead {
    std::string transaction_id;  // xid8 has no type of its own here
    std::int64_t event_id;
    std::string kind;
    base::Timestamp occurred_at;
};
BOOST_DESCRIBE_STRUCT(EventRow, (ItemRead), (transaction_id, event_id, kind, occurred_at))

struct PlaceRow {
    std::string transaction_id;
    std::int64_t id;
};
BOOST_DESCRIBE_STRUCT(PlaceRow, (), (transaction_id, id))

PositionedEvent to_event(EventRow row) {
    const EventPosition position{std::stoull(row.transaction_id), row.event_id};
    const auto kind = ItemEventKind::parse(row.kind);
    // A newer release's word for a change: that there was one, a reset says as well.
    if (!kind) return {position, ItemEvent()};
    return {position,
            {.kind = *kind,
             .occurred_at = row.occurred_at,
             .item = std::move(static_cast<ItemRead&>(row))}};
}

}  // namespace

Task<std::vector<PositionedEvent>> read_events(postgres::QueryRunner& database, EventPosition after,
                                               std::int64_t limit) {
    auto rows = co_await database.query<EventRow>(kRead, std::to_string(after.transaction),
                                                  after.id, limit);
    std::vector<PositionedEvent> events;
    events.reserve(rows.size());
    for (auto& row : rows)
        events.push_back(to_event(std::move(row)));
    co_return events;
}

Task<EventPosition> end_of_events(postgres::QueryRunner& database) {
    const auto last = co_await database.query_optional<PlaceRow>(kEnd);
    if (!last) co_return EventPosition();
    co_return EventPosition{std::stoull(last->transaction_id), last->id};
}

Task<bool> has_event_at(postgres::QueryRunner& database, EventPosition position) {
    co_return co_await database.query_one<bool>(kHas, std::to_string(position.transaction),
                                                position.id);
}

Task<std::int64_t> forget_old_events(postgres::QueryRunner& database, std::int64_t limit) {
    co_return co_await database.execute(kForget, limit);
}

}  // namespace app
