// Group commit: items that are added at the same time are inserted by one statement.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <schemas/item.hpp>

#include <base/task.hpp>
#include <postgres/pool.hpp>

namespace boost::asio {
class io_context;
}

namespace app {

/// Inserts `items` with one statement; what it yields is in their order. Throws like any query.
[[nodiscard]] base::Task<std::vector<ItemRead>> insert_items(postgres::QueryRunner& database,
                                                             std::vector<ItemCreate> items);

/// A commit waits for the disk, however much it commits. So while an insert of this thread is under
/// way, the items that arrive wait for it to end and are then inserted together; an item that
/// finds no insert under way goes at once. Nobody waits for company.
///
/// An item that PostgreSQL refuses would take its companions with it: they are then inserted one
/// by one, and each add() tells of its own item only.
class ItemInserter {
public:
    /// As postgres::Pool, of which it is a user.
    ItemInserter(postgres::Pool& database, std::span<boost::asio::io_context* const> contexts);
    ~ItemInserter();
    ItemInserter(const ItemInserter&) = delete;
    ItemInserter& operator=(const ItemInserter&) = delete;

    /// Throws like any query: QueueFull once PoolConfig::max_queue items wait on this thread, and
    /// QueryTimeout for one that has waited for PoolConfig::query_timeout when its turn comes.
    /// Cancelling the awaiting coroutine takes an item that still waits out of the queue; of one
    /// whose insert is under way it abandons the answer.
    [[nodiscard]] base::Task<ItemRead> add(ItemCreate item);

private:
    class Lane;

    std::vector<std::shared_ptr<Lane>> lanes_;  // one for each io_context
};

}  // namespace app
