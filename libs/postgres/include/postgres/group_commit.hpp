// Group commit: rows that are inserted at the same time are inserted by one statement.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include <base/context.hpp>
#include <base/per_thread.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <postgres/array.hpp>
#include <postgres/errors.hpp>
#include <postgres/pool.hpp>

namespace postgres {

/// How rows are inserted, and read back in the same order.
struct Inserts {
    Statement one;   ///< takes a row's members as $1, $2, ...; returns one row
    Statement many;  ///< takes arrays of them, see columns(); returns the rows in their order
};

/// Inserts `rows` with one statement; what it yields is in their order. Throws like any query.
template <RowType Out, base::Described In>
[[nodiscard]] base::Task<std::vector<Out>> insert_all(QueryRunner& database, Inserts inserts,
                                                      std::vector<In> rows) {
    auto added = co_await database.query<Out>(inserts.many, columns(rows));
    if (added.size() != rows.size()) throw std::logic_error("an insert lost rows");
    co_return added;
}

/// A commit waits for the disk, however much it commits. While an insert of this thread is in
/// flight, new rows wait and are then inserted together. If no insert is in flight, a row is sent
/// immediately.
///
/// A row that PostgreSQL refuses makes the whole batch fail. Its rows are then retried
/// individually, and each add() tells of its own row only.
template <base::Described In, RowType Out>
class GroupCommit {
public:
    /// The pool and its io_contexts outlive this.
    GroupCommit(Pool& database, std::span<boost::asio::io_context* const> contexts, Inserts inserts)
        : lanes_(contexts, [&database, inserts](boost::asio::io_context& context) {
              return std::make_shared<Lane>(database, context, inserts);
          }) {}

    /// Throws like any query: QueueFull once PoolConfig::max_queue rows wait on this thread, and
    /// QueryTimeout for one that has waited for PoolConfig::query_timeout when its turn comes.
    /// Cancelling the awaiting coroutine takes a row that still waits out of the queue; of one
    /// whose insert is under way it abandons the answer.
    [[nodiscard]] base::Task<Out> add(In row) { return Lane::add(lanes_.here(), std::move(row)); }

private:
    using Clock = std::chrono::steady_clock;

    // At most so many wait for one statement; more form the next.
    static constexpr std::size_t kMaxBatch = 256;

    struct Entry {
        std::optional<In> row;  // empty: nobody waits for it any more
        Clock::time_point arrived = Clock::now();
        std::optional<Out> added{};
        std::exception_ptr failure{};
        bool refused = false;  // its batch was: each row is then retried individually
    };

    struct Batch {
        explicit Batch(boost::asio::io_context& context)
            : change(context, boost::asio::steady_timer::time_point::max()) {}

        base::TraceContext first = base::current_context();  // in whose trace the insert shows
        std::vector<Entry> entries;                          // as they are from `taken` on
        bool taken = false;
        bool done = false;
        boost::asio::steady_timer change;  // cancelled when done
    };

    class Place;

    /// The part of one io_context, used on its thread only. Shared by the coroutines that use it: a
    /// cancelled one may outlive the GroupCommit by a moment.
    struct Lane {
        Lane(Pool& pool, boost::asio::io_context& its_context, Inserts how)
            : database(pool), context(its_context), inserts(how) {}

        static base::Task<Out> add(std::shared_ptr<Lane> self, In row);
        static base::Task<> insert_batches(std::shared_ptr<Lane> self);
        [[nodiscard]] std::vector<Entry*> take(Batch& batch);
        [[nodiscard]] base::Task<> insert(std::vector<Entry*> entries);

        Pool& database;
        boost::asio::io_context& context;
        Inserts inserts;
        std::deque<std::shared_ptr<Batch>> waiting;
        std::size_t waiting_rows = 0;  // in them, and not abandoned
        bool inserting = false;
    };

    base::PerThread<std::shared_ptr<Lane>> lanes_;
};

/// One add()'s entry, for as long as it runs: a row whose add() is cancelled before the statement
/// is built is left out of it.
template <base::Described In, RowType Out>
class GroupCommit<In, Out>::Place {
public:
    Place(Lane& lane, std::shared_ptr<Batch> batch, In row)
        : lane_(lane), batch_(std::move(batch)), index_(batch_->entries.size()) {
        batch_->entries.push_back({.row = std::move(row)});
        ++lane_.waiting_rows;
    }
    ~Place() {
        if (batch_->taken) return;
        entry().row.reset();
        --lane_.waiting_rows;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    [[nodiscard]] Entry& entry() const noexcept { return batch_->entries[index_]; }

private:
    Lane& lane_;
    std::shared_ptr<Batch> batch_;
    std::size_t index_;
};

template <base::Described In, RowType Out>
base::Task<Out> GroupCommit<In, Out>::Lane::add(std::shared_ptr<Lane> self, In row) {
    if (self->waiting_rows >= self->database.config().max_queue) {
        throw QueueFull(std::to_string(self->waiting_rows) + " rows are waiting already");
    }
    if (self->waiting.empty() || self->waiting.back()->entries.size() == kMaxBatch) {
        self->waiting.push_back(std::make_shared<Batch>(self->context));
    }
    const auto batch = self->waiting.back();
    const Place place(*self, batch, row);
    // On its own, since the request that came first may be cancelled while others wait.
    if (!std::exchange(self->inserting, true)) base::spawn(self->context, insert_batches(self));
    while (!batch->done)
        (void)co_await batch->change.async_wait(base::use_task);
    auto& entry = place.entry();
    if (entry.failure) std::rethrow_exception(entry.failure);
    if (!entry.refused) co_return *std::move(entry.added);
    co_return co_await self->database.template query_one<Out>(self->inserts.one, row);
}

template <base::Described In, RowType Out>
base::Task<> GroupCommit<In, Out>::Lane::insert_batches(std::shared_ptr<Lane> self) {
    while (!self->waiting.empty()) {
        const auto batch = self->waiting.front();
        self->waiting.pop_front();
        auto entries = self->take(*batch);
        const base::ContextScope scope(batch->first);
        if (!entries.empty()) co_await self->insert(std::move(entries));
        batch->done = true;
        batch->change.cancel();
    }
    self->inserting = false;
}

// Those that somebody still waits for, and not for too long already.
template <base::Described In, RowType Out>
auto GroupCommit<In, Out>::Lane::take(Batch& batch) -> std::vector<Entry*> {
    const auto limit = database.config().query_timeout;
    const auto too_early = Clock::now() - limit;
    std::vector<Entry*> entries;
    batch.taken = true;
    for (auto& entry : batch.entries) {
        if (!entry.row) continue;
        --waiting_rows;
        if (entry.arrived > too_early) {
            entries.push_back(&entry);
        } else {
            entry.failure = std::make_exception_ptr(QueryTimeout(
                "the row was not inserted within " + std::to_string(limit.count()) + " ms"));
        }
    }
    return entries;
}

// The batch of the entries outlives this. Tells them how it went, and does not throw.
template <base::Described In, RowType Out>
base::Task<> GroupCommit<In, Out>::Lane::insert(std::vector<Entry*> entries) {
    std::exception_ptr failure;
    bool refused = false;
    try {
        if (entries.size() == 1) {
            auto added =
                co_await database.template query_one<Out>(inserts.one, *entries.front()->row);
            entries.front()->added = std::move(added);
        } else {
            std::vector<In> rows;
            rows.reserve(entries.size());
            for (auto* entry : entries)
                rows.push_back(*std::move(entry->row));
            auto added = co_await insert_all<Out>(database, inserts, std::move(rows));
            for (std::size_t i = 0; i < entries.size(); ++i)
                entries[i]->added = std::move(added[i]);
        }
    } catch (const QueryError&) {
        refused = true;
    } catch (...) {
        failure = std::current_exception();
    }
    for (auto* entry : entries) {
        entry->refused = refused;
        entry->failure = failure;
    }
}

}  // namespace postgres
