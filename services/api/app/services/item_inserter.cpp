#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
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
        if (waiting_.empty() || waiting_.back()->items.size() == kMaxBatch) {
            waiting_.push_back(std::make_shared<Batch>(context_));
        }
        const auto batch = waiting_.back();
        const auto place = batch->items.size();
        batch->items.push_back(to_row(item));
        // Of its own, since the request that came first may be cancelled while others wait.
        if (!std::exchange(inserting_, true)) {
            asio::co_spawn(context_, insert_batches(shared_from_this()), asio::detached);
        }
        while (!batch->done)
            co_await batch->change.async_wait(asio::as_tuple(asio::use_awaitable));
        keeper.restore();
        if (batch->failure) std::rethrow_exception(batch->failure);
        if (!batch->refused) co_return std::move(batch->added[place]);
        co_return co_await insert_one(database_, to_row(item));
    }

private:
    struct Batch {
        explicit Batch(asio::io_context& context)
            : change(context, asio::steady_timer::time_point::max()) {}

        base::ContextKeeper first;  // in whose trace the insert shows
        std::vector<NewItemRow> items;
        std::vector<ItemRead> added;
        std::exception_ptr failure;
        bool refused = false;  // one of them, or all: each is to be tried for itself
        bool done = false;
        asio::steady_timer change;  // cancelled when done
    };

    static Task<> insert_batches(std::shared_ptr<Lane> self) {
        while (!self->waiting_.empty()) {
            const auto batch = self->waiting_.front();
            self->waiting_.erase(self->waiting_.begin());
            batch->first.restore();
            try {
                co_await self->insert(*batch);
            } catch (const postgres::QueryError&) {
                batch->refused = true;
            } catch (...) {
                batch->failure = std::current_exception();
            }
            batch->done = true;
            batch->change.cancel();
        }
        self->inserting_ = false;
    }

    Task<> insert(Batch& batch) {
        if (batch.items.size() == 1) {
            auto added = co_await insert_one(database_, std::move(batch.items.front()));
            batch.added.push_back(std::move(added));
        } else {
            batch.added = co_await insert_rows(database_, std::move(batch.items));
        }
    }

    postgres::Pool& database_;
    asio::io_context& context_;
    std::vector<std::shared_ptr<Batch>> waiting_;
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
