#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <services/item_inserter.hpp>
#include <services/item_mapping.hpp>

#include <base/context.hpp>
#include <postgres/array.hpp>
#include <postgres/errors.hpp>
#include <postgres/statement.hpp>

namespace app {
namespace {

namespace asio = boost::asio;
using base::Task;
using postgres::Statement;

constexpr Statement kInsertOne{
    "items.insert",
    "insert into items (name, description, category, price, quantity) "
    "values ($1, $2, $3, $4, $5) "
    "returning id, name, description, category, price, quantity, created_at, updated_at"};

// Ids are given in the order of the arrays, and tell it afterwards: RETURNING promises none.
constexpr Statement kInsertMany{
    "items.insert_many",
    "with added as ("
    "  insert into items (name, description, category, price, quantity) "
    "  select * from unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::integer[]) "
    "  returning id, name, description, category, price, quantity, created_at, updated_at"
    ") select * from added order by id"};

// At most so many wait for one statement; more form the next.
constexpr std::size_t kMaxBatch = 256;

std::vector<ItemRead> to_schemas(const postgres::Result& result) {
    std::vector<ItemRead> items;
    for (auto& row : postgres::read_rows<ItemRow>(result))
        items.push_back(to_schema(std::move(row)));
    return items;
}

Task<ItemRead> insert_one(postgres::QueryRunner& database, NewItemRow item) {
    co_return to_schema(co_await database.query_one<ItemRow>(
        kInsertOne, item.name, item.description, item.category, item.price, item.quantity));
}

Task<std::vector<ItemRead>> insert_rows(postgres::QueryRunner& database,
                                        std::vector<NewItemRow> items) {
    const auto result = co_await database.run(kInsertMany, postgres::columns(items));
    auto added = to_schemas(result);
    if (added.size() != items.size()) throw std::logic_error("an insert lost items");
    co_return added;
}

}  // namespace

Task<std::vector<ItemRead>> insert_items(postgres::QueryRunner& database,
                                         std::vector<ItemCreate> items) {
    std::vector<NewItemRow> rows;
    rows.reserve(items.size());
    for (const auto& item : items)
        rows.push_back(to_row(item));
    co_return co_await insert_rows(database, std::move(rows));
}

/// What belongs to one io_context, and is used on its thread only.
class ItemInserter::Lane : public std::enable_shared_from_this<Lane> {
public:
    Lane(postgres::Pool& database, asio::io_context& context)
        : database_(database), context_(context) {}

    [[nodiscard]] const asio::io_context& context() const noexcept { return context_; }

    Task<ItemRead> add(ItemCreate item) {
        const base::ContextKeeper keeper;
        if (waiting_items_ >= database_.config().max_queue) {
            throw postgres::QueueFull(fmt::format("{} items are waiting already", waiting_items_));
        }
        if (waiting_.empty() || waiting_.back()->entries.size() == kMaxBatch) {
            waiting_.push_back(std::make_shared<Batch>(context_));
        }
        const auto batch = waiting_.back();
        const Place place(shared_from_this(), batch, to_row(item));
        // Of its own, since the request that came first may be cancelled while others wait.
        if (!std::exchange(inserting_, true)) {
            asio::co_spawn(context_, insert_batches(shared_from_this()), asio::detached);
        }
        while (!batch->done)
            co_await batch->change.async_wait(asio::as_tuple(asio::use_awaitable));
        keeper.restore();
        auto& entry = place.entry();
        if (entry.failure) std::rethrow_exception(entry.failure);
        if (!entry.refused) co_return *std::move(entry.added);
        co_return co_await insert_one(database_, to_row(item));
    }

private:
    using Clock = std::chrono::steady_clock;

    struct Entry {
        std::optional<NewItemRow> row;  // empty: nobody waits for it any more
        Clock::time_point arrived = Clock::now();
        std::optional<ItemRead> added{};
        std::exception_ptr failure{};
        bool refused = false;  // it, or one of its companions: each is to be tried for itself
    };

    struct Batch {
        explicit Batch(asio::io_context& context)
            : change(context, asio::steady_timer::time_point::max()) {}

        base::ContextKeeper first;   // in whose trace the insert shows
        std::vector<Entry> entries;  // as they are from `taken` on
        bool taken = false;
        bool done = false;
        asio::steady_timer change;  // cancelled when done
    };

    /// One add()'s entry, for as long as it runs: whoever is cancelled before the statement is
    /// built is left out of it.
    class Place {
    public:
        Place(std::shared_ptr<Lane> lane, std::shared_ptr<Batch> batch, NewItemRow row)
            : lane_(std::move(lane)), batch_(std::move(batch)), index_(batch_->entries.size()) {
            batch_->entries.push_back({.row = std::move(row)});
            ++lane_->waiting_items_;
        }
        ~Place() {
            if (batch_->taken) return;
            entry().row.reset();
            --lane_->waiting_items_;
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        [[nodiscard]] Entry& entry() const noexcept { return batch_->entries[index_]; }

    private:
        std::shared_ptr<Lane> lane_;
        std::shared_ptr<Batch> batch_;
        std::size_t index_;
    };

    static Task<> insert_batches(std::shared_ptr<Lane> self) {
        while (!self->waiting_.empty()) {
            const auto batch = self->waiting_.front();
            self->waiting_.pop_front();
            auto entries = self->take(*batch);
            batch->first.restore();
            if (!entries.empty()) co_await self->insert(std::move(entries));
            batch->done = true;
            batch->change.cancel();
        }
        self->inserting_ = false;
    }

    // Those that somebody still waits for, and not for too long already.
    std::vector<Entry*> take(Batch& batch) {
        const auto limit = database_.config().query_timeout;
        const auto too_early = Clock::now() - limit;
        std::vector<Entry*> entries;
        batch.taken = true;
        for (auto& entry : batch.entries) {
            if (!entry.row) continue;
            --waiting_items_;
            if (entry.arrived > too_early) {
                entries.push_back(&entry);
            } else {
                entry.failure = std::make_exception_ptr(postgres::QueryTimeout(
                    fmt::format("the item was not inserted within {} ms", limit.count())));
            }
        }
        return entries;
    }

    // The batch of the entries outlives this. Tells them how it went, and does not throw.
    Task<> insert(std::vector<Entry*> entries) {
        std::exception_ptr failure;
        bool refused = false;
        try {
            if (entries.size() == 1) {
                auto added = co_await insert_one(database_, *std::move(entries.front()->row));
                entries.front()->added = std::move(added);
            } else {
                std::vector<NewItemRow> rows;
                rows.reserve(entries.size());
                for (auto* entry : entries)
                    rows.push_back(*std::move(entry->row));
                auto added = co_await insert_rows(database_, std::move(rows));
                for (std::size_t i = 0; i < entries.size(); ++i)
                    entries[i]->added = std::move(added[i]);
            }
        } catch (const postgres::QueryError&) {
            refused = true;
        } catch (...) {
            failure = std::current_exception();
        }
        for (auto* entry : entries) {
            entry->refused = refused;
            entry->failure = failure;
        }
    }

    postgres::Pool& database_;
    asio::io_context& context_;
    std::deque<std::shared_ptr<Batch>> waiting_;
    std::size_t waiting_items_ = 0;  // in them, and not abandoned
    bool inserting_ = false;
};

ItemInserter::ItemInserter(postgres::Pool& database, std::span<asio::io_context* const> contexts) {
    for (auto* context : contexts)
        lanes_.push_back(std::make_shared<Lane>(database, *context));
}

ItemInserter::~ItemInserter() = default;

Task<ItemRead> ItemInserter::add(ItemCreate item) {
    const auto executor = co_await asio::this_coro::executor;
    const asio::execution_context& here = asio::query(executor, asio::execution::context);
    const auto lane = std::ranges::find_if(lanes_, [&here](const auto& each) {
        const asio::execution_context& context = each->context();
        return &context == &here;
    });
    if (lane == lanes_.end()) throw std::logic_error("an item is added outside of the workers");
    co_return co_await (*lane)->add(std::move(item));
}

}  // namespace app
