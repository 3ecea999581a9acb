// A table that triggers write: what happened to the records of another table, one row for each
// change.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <base/described.hpp>
#include <base/fixed_string.hpp>
#include <base/task.hpp>
#include <base/time.hpp>
#include <database/log_position.hpp>
#include <postgres/query_runner.hpp>
#include <postgres/sql.hpp>
#include <postgres/statement.hpp>

namespace database {

/// Names a log; README.md has its table.
///
///     struct ItemLog {
///         using Record = ItemRead;                               // described: the columns to read
///         static constexpr base::FixedString kTable{"item_events"};  // and the channel of its
///         NOTIFY static constexpr base::FixedString kRecord{"item"};    // its column with the
///         record, jsonb static constexpr base::FixedString kRecords{"items"};  // the table of the
///         records
///     };
template <class Log>
concept ChangeLog = base::Described<typename Log::Record> && requires {
    { Log::kTable.view() } -> std::same_as<std::string_view>;
    { Log::kRecord.view() } -> std::same_as<std::string_view>;
    { Log::kRecords.view() } -> std::same_as<std::string_view>;
};

template <class Record>
struct Change {
    LogPosition position;  ///< just after it
    std::string kind;      ///< as the trigger calls it
    base::Timestamp occurred_at;
    Record record;  ///< after the change; of one that was deleted, before it
};

namespace detail {

template <class Record>
struct ChangeRow : Record {
    std::string transaction_id;  // xid8 has no type of its own here
    std::int64_t event_id;
    std::string kind;
    base::Timestamp occurred_at;
    BOOST_DESCRIBE_CLASS(ChangeRow, (Record), (transaction_id, event_id, kind, occurred_at), (), ())
};

struct PlaceRow {
    std::string transaction_id;
    std::int64_t id;
};
BOOST_DESCRIBE_STRUCT(PlaceRow, (), (transaction_id, id))

template <ChangeLog Log>
struct LogStatements {
    // The record takes the columns that its table has today, whatever it had when the change was
    // logged.
    static constexpr postgres::Statement kRead{
        postgres::sql<Log::kTable, ".read">,
        postgres::sql<
            "select transaction_id::text as transaction_id, event_id, kind, occurred_at, ",
            postgres::columns_of<typename Log::Record>,
            " from (select transaction_id, id as event_id, kind, occurred_at, ", Log::kRecord,
            " as record from ", Log::kTable,
            " where (transaction_id, id) > ($1::xid8, $2) "
            "  and transaction_id < pg_snapshot_xmin(pg_current_snapshot()) "
            "  order by transaction_id, id limit $3) as event, jsonb_populate_record(null::",
            Log::kRecords, ", record) order by event.transaction_id, event_id">};

    // By the column, not by its text, for which 999 is above 1000.
    static constexpr postgres::Statement kEnd{
        postgres::sql<Log::kTable, ".end">,
        postgres::sql<
            "select event.transaction_id::text as transaction_id, event.id from ", Log::kTable,
            " as event where event.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) "
            "order by event.transaction_id desc, event.id desc limit 1">};

    static constexpr postgres::Statement kHas{
        postgres::sql<Log::kTable, ".has">,
        postgres::sql<"select exists(select from ", Log::kTable,
                      " where transaction_id = $1::xid8 and id = $2)">};

    // Removes from the beginning of the log up to the first change that is young, or that readers
    // may not have seen. A reader that finds its last change thus also finds all later ones. The
    // inner limit prevents a walk through a log without old changes. It uses ctid, because
    // PostgreSQL plans a join with this limit like a join of all rows.
    static constexpr postgres::Statement kForget{
        postgres::sql<Log::kTable, ".forget">,
        postgres::sql<
            "with oldest as ("
            "  select ctid as place, transaction_id, id, occurred_at < now() - interval '24 hours' "
            "    and transaction_id < pg_snapshot_xmin(pg_current_snapshot()) as old from ",
            Log::kTable, "  order by transaction_id, id limit (select count(*) from (select from ",
            Log::kTable,
            "    where occurred_at < now() - interval '24 hours' limit $1) as all_old)"
            "), judged as ("
            "  select place, bool_and(old) over (order by transaction_id, id) as forgotten from "
            "oldest"
            ") delete from ",
            Log::kTable, " where ctid = any(array(select place from judged where forgotten))">};
};

}  // namespace detail

/// The oldest changes after that place, at most `limit`. Changes of transactions that are open, or
/// that are younger than one that is, are not there yet: reading again yields them.
template <ChangeLog Log>
[[nodiscard]] base::Task<std::vector<Change<typename Log::Record>>> read_changes(
    postgres::QueryRunner& database, LogPosition after, std::int64_t limit) {
    using Record = typename Log::Record;
    auto rows = co_await database.query<detail::ChangeRow<Record>>(
        detail::LogStatements<Log>::kRead, std::to_string(after.transaction), after.id, limit);
    std::vector<Change<Record>> changes;
    changes.reserve(rows.size());
    for (auto& row : rows) {
        changes.push_back({.position = {std::stoull(row.transaction_id), row.event_id},
                           .kind = std::move(row.kind),
                           .occurred_at = row.occurred_at,
                           .record = std::move(static_cast<Record&>(row))});
    }
    co_return changes;
}

/// Behind the last change that read_changes() could yield.
template <ChangeLog Log>
[[nodiscard]] base::Task<LogPosition> end_of_log(postgres::QueryRunner& database) {
    const auto last =
        co_await database.query_optional<detail::PlaceRow>(detail::LogStatements<Log>::kEnd);
    if (!last) co_return LogPosition();
    co_return LogPosition{std::stoull(last->transaction_id), last->id};
}

/// True if the log still has the change at that position, and so all later ones.
template <ChangeLog Log>
[[nodiscard]] base::Task<bool> has_change_at(postgres::QueryRunner& database,
                                             LogPosition position) {
    co_return co_await database.query_one<bool>(detail::LogStatements<Log>::kHas,
                                                std::to_string(position.transaction), position.id);
}

/// Removes changes that are older than 24 hours, at most `limit` of them, in the order in which
/// they are read; yields how many.
template <ChangeLog Log>
[[nodiscard]] base::Task<std::int64_t> forget_old_changes(postgres::QueryRunner& database,
                                                          std::int64_t limit) {
    co_return co_await database.execute(detail::LogStatements<Log>::kForget, limit);
}

}  // namespace database
