#include <algorithm>

#include <services/item_list_query.hpp>
#include <services/item_service.hpp>

#include <database/idempotency.hpp>
#include <postgres/sql.hpp>
#include <postgres/statement.hpp>

namespace app {
namespace {

using base::Result, base::Task;
using postgres::arrays_of, postgres::assignments_of, postgres::changes_of, postgres::columns_of,
    postgres::parameters_of, postgres::sql, postgres::Statement;

constexpr Statement kFind{"items.find",
                          sql<"select ", columns_of<ItemRead>, " from items where id = $1">};

constexpr postgres::Inserts kInsert{
    .one = {"items.insert", sql<"insert into items (", columns_of<ItemCreate>, ") values (",
                                parameters_of<ItemCreate>, ") returning ", columns_of<ItemRead>>},
    // Ids are given in the order of the arrays, and tell it afterwards: RETURNING promises none.
    .many = {"items.insert_many",
             sql<"with added as (insert into items (", columns_of<ItemCreate>,
                 ") select * from unnest(", arrays_of<ItemCreate>, ") returning ",
                 columns_of<ItemRead>, ") select * from added order by id">},
};

// $2 is null, or the versions that may be changed; $3 those that may not.
constexpr base::FixedString kIfAdmitted{
    " where id = $1 and ($2::timestamptz[] is null or updated_at = any($2)) "
    "and updated_at <> all($3::timestamptz[])"};

// Two updates within one microsecond, and a clock that was set back, still yield a later time.
constexpr base::FixedString kTouch{
    ", updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')"};

constexpr Statement kReplace{
    "items.replace", sql<"update items set ", assignments_of<ItemCreate, 4>, kTouch, kIfAdmitted,
                         " returning ", columns_of<ItemRead>>};

constexpr Statement kPatch{"items.patch", sql<"update items set ", changes_of<ItemPatch, 4>, kTouch,
                                              kIfAdmitted, " returning ", columns_of<ItemRead>>};

constexpr Statement kRemove{"items.remove", sql<"delete from items", kIfAdmitted>};

constexpr Statement kExists{"items.exists", "select exists(select from items where id = $1)"};

Task<ItemRead> insert_one(postgres::Transaction& transaction, const ItemCreate& item) {
    return transaction.query_one<ItemRead>(kInsert.one, item);
}

Task<std::vector<ItemRead>> insert_all(postgres::Transaction& transaction,
                                       std::vector<ItemCreate> items) {
    return postgres::insert_all<ItemRead>(transaction, kInsert, std::move(items));
}

// `filter` stays with the caller, which awaits the page.
Task<ItemPage> read_page(postgres::QueryRunner& database, const ItemFilter& filter) {
    auto query = page_query(filter);
    const Statement statement{query.name, query.sql};
    ItemPage page{};
    page.items = co_await database.query<ItemRead>(statement, std::move(query.params));

    const auto limit = static_cast<std::size_t>(filter.limit.value());
    if (page.items.size() > limit) {
        page.items.erase(page.items.begin() + filter.limit, page.items.end());
        page.next_cursor = ItemCursor::after(page.items.back(), filter.sort);
    }

    if (filter.include_total) {
        auto total = total_query(filter);
        const Statement count{total.name, total.sql};
        const auto counted = co_await database.query<std::int64_t>(count, std::move(total.params));
        page.total = schema::Omissible(counted.front());
    }
    co_return page;
}

}  // namespace

bool Precondition::admits(base::Timestamp version) const {
    const bool expected = !only || std::ranges::find(*only, version) != only->end();
    return expected && std::ranges::find(except, version) == except.end();
}

ItemService::ItemService(postgres::Pool& database,
                         std::span<boost::asio::io_context* const> contexts)
    : database_(database), inserter_(database, contexts, kInsert) {}

Task<ItemPage> ItemService::list(ItemFilter filter) {
    // A search and a count read the whole table. On the connection that all requests of a thread
    // share, everybody else would wait behind them; a transaction has a connection of its own.
    if (filter.q || filter.include_total) {
        const auto read = [&filter](postgres::Transaction& transaction) {
            return read_page(transaction, filter);
        };
        co_return co_await database_.transaction(read, {.read_only = true});
    }
    co_return co_await read_page(database_, filter);
}

Task<Result<ItemRead, KeyReused>> ItemService::add(ItemCreate item,
                                                   std::optional<IdempotencyKey> key) {
    if (!key) co_return co_await inserter_.add(std::move(item));
    database::KeyedRequest request{*std::move(key), "create item " + schema::to_json(item)};
    const auto make = [&item](postgres::Transaction& transaction) {
        return insert_one(transaction, item);
    };
    auto added = co_await database::once<ItemRead>(database_, std::move(request), make);
    if (!added) co_return KeyReused();
    co_return *std::move(added);
}

Task<Result<ItemBulk, KeyReused>> ItemService::add_all(ItemBulkCreate bulk,
                                                       std::optional<IdempotencyKey> key) {
    // Not on the connection that all requests of a thread share: it takes its time.
    const auto make = [&bulk](postgres::Transaction& transaction) {
        return insert_all(transaction, bulk.items);
    };
    if (!key) {
        auto added = co_await database_.transaction(make);
        co_return ItemBulk{std::move(added)};
    }
    database::KeyedRequest request{*std::move(key), "create items " + schema::to_json(bulk.items)};
    auto added =
        co_await database::once<std::vector<ItemRead>>(database_, std::move(request), make);
    if (!added) co_return KeyReused();
    co_return ItemBulk{*std::move(added)};
}

Task<Result<ItemRead, ItemMissing>> ItemService::find(ItemId id) {
    auto item = co_await database_.query_optional<ItemRead>(kFind, id);
    if (!item) co_return ItemMissing();
    co_return *std::move(item);
}

template <class T>
Task<Result<T, ItemMissing, ItemChanged>> ItemService::refusal(ItemId id) {
    const bool exists = co_await database_.query_one<bool>(kExists, id);
    if (exists) co_return ItemChanged();
    co_return ItemMissing();
}

Task<Result<ItemRead, ItemMissing, ItemChanged>> ItemService::replace(ItemId id, ItemCreate item,
                                                                      Precondition precondition) {
    auto replaced = co_await database_.query_optional<ItemRead>(kReplace, id, precondition.only,
                                                                precondition.except, item);
    if (replaced) co_return *std::move(replaced);
    co_return co_await refusal<ItemRead>(id);
}

Task<Result<ItemRead, ItemMissing, ItemChanged>> ItemService::patch(ItemId id, ItemPatch patch,
                                                                    Precondition precondition) {
    if (schema::is_empty(patch)) {
        auto item = co_await find(id);
        if (!item.has_value()) co_return ItemMissing();
        if (!precondition.admits(item.value().updated_at)) co_return ItemChanged();
        co_return std::move(item);
    }
    auto patched = co_await database_.query_optional<ItemRead>(kPatch, id, precondition.only,
                                                               precondition.except, patch);
    if (patched) co_return *std::move(patched);
    co_return co_await refusal<ItemRead>(id);
}

Task<Result<base::Done, ItemMissing, ItemChanged>> ItemService::remove(ItemId id,
                                                                       Precondition precondition) {
    const auto removed =
        co_await database_.execute(kRemove, id, precondition.only, precondition.except);
    if (removed > 0) co_return base::Done();
    co_return co_await refusal<base::Done>(id);
}

}  // namespace app
