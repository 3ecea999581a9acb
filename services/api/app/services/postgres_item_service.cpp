#include <services/item_list_query.hpp>
#include <services/item_mapping.hpp>
#include <services/postgres_item_service.hpp>

#include <database/idempotency.hpp>
#include <postgres/array.hpp>
#include <postgres/statement.hpp>

namespace app {
namespace {

using base::Task;
using postgres::Statement;

constexpr Statement kFind{
    "items.find",
    "select id, name, description, category, price, quantity, created_at, updated_at "
    "from items where id = $1"};

// $2 is null, or the versions that may be changed; $3 those that may not. Two updates within one
// microsecond, and a clock that was set back, still yield a later updated_at.
constexpr Statement kReplace{
    "items.replace",
    "update items set name = $4, description = $5, category = $6, price = $7, quantity = $8, "
    "updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond') "
    "where id = $1 and ($2::timestamptz[] is null or updated_at = any($2)) "
    "and updated_at <> all($3::timestamptz[]) "
    "returning id, name, description, category, price, quantity, created_at, updated_at"};

// Columns that cannot be null stay when their argument is; for the description $5 tells.
constexpr Statement kPatch{
    "items.patch",
    "update items set name = coalesce($4, name), "
    "description = case when $5 then $6 else description end, "
    "category = coalesce($7, category), price = coalesce($8, price), "
    "quantity = coalesce($9, quantity), "
    "updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond') "
    "where id = $1 and ($2::timestamptz[] is null or updated_at = any($2)) "
    "and updated_at <> all($3::timestamptz[]) "
    "returning id, name, description, category, price, quantity, created_at, updated_at"};

constexpr Statement kRemove{
    "items.remove",
    "delete from items where id = $1 and ($2::timestamptz[] is null or updated_at = any($2)) "
    "and updated_at <> all($3::timestamptz[])"};

constexpr Statement kExists{"items.exists", "select exists(select from items where id = $1)"};

std::optional<std::string> plain(const std::optional<ItemDescription>& description) {
    if (!description) return std::nullopt;
    return **description;
}

template <class T>
std::optional<typename T::value_type> plain(const schema::Omissible<T>& member) {
    if (!member.present()) return std::nullopt;
    return **member;
}

bool is_empty(const ItemPatch& patch) {
    return !patch.name.present() && !patch.description.present() && !patch.category.present() &&
           !patch.price.present() && !patch.quantity.present();
}

Task<ItemRead> insert_alone(postgres::Transaction& transaction, ItemCreate item) {
    std::vector<ItemCreate> one{std::move(item)};
    auto added = co_await insert_items(transaction, std::move(one));
    co_return std::move(added.front());
}

// `filter` stays with the caller, which awaits the page.
Task<ItemPage> read_page(postgres::QueryRunner& database, const ItemFilter& filter) {
    auto query = page_query(filter);
    const Statement statement{query.name, query.sql};
    const auto result = co_await database.run(statement, std::move(query.params));
    auto rows = postgres::read_rows<ItemRow>(result);

    const auto limit = static_cast<std::size_t>(**filter.limit);
    const bool more = rows.size() > limit;
    if (more) rows.resize(limit);
    ItemPage page{};
    page.items.reserve(rows.size());
    for (auto& row : rows)
        page.items.push_back(to_schema(std::move(row)));
    if (more) page.next_cursor = cursor_after(page.items.back(), *filter.sort);

    if (*filter.include_total) {
        auto total = total_query(filter);
        const Statement count{total.name, total.sql};
        const auto counted = co_await database.run(count, std::move(total.params));
        page.total = schema::Omissible(postgres::read_rows<std::int64_t>(counted).front());
    }
    co_return page;
}

}  // namespace

Task<ItemPage> PostgresItemService::list(ItemFilter filter) {
    // A search and a count read the whole table. On the connection that all requests of a thread
    // share, everybody else would wait behind them; a transaction has a connection of its own.
    if (filter.q || *filter.include_total) {
        const auto read = [&filter](postgres::Transaction& transaction) {
            return read_page(transaction, filter);
        };
        co_return co_await database_.transaction(read, {.read_only = true});
    }
    co_return co_await read_page(database_, filter);
}

Task<AddOutcome> PostgresItemService::add(ItemCreate item, std::optional<std::string> key) {
    if (!key) co_return co_await inserter_.add(std::move(item));
    database::KeyedRequest request{*std::move(key), "create item " + schema::to_json(item)};
    const auto make = [&item](postgres::Transaction& transaction) {
        return insert_alone(transaction, item);
    };
    auto added = co_await database::once<ItemRead>(database_, std::move(request), make);
    if (!added) co_return KeyReused();
    co_return *std::move(added);
}

Task<AddAllOutcome> PostgresItemService::add_all(std::vector<ItemCreate> items,
                                                 std::optional<std::string> key) {
    // Not on the connection that all requests of a thread share: it takes its time.
    const auto make = [&items](postgres::Transaction& transaction) {
        return insert_items(transaction, items);
    };
    if (!key) co_return co_await database_.transaction(make);
    database::KeyedRequest request{*std::move(key), "create items " + schema::to_json(items)};
    auto added =
        co_await database::once<std::vector<ItemRead>>(database_, std::move(request), make);
    if (!added) co_return KeyReused();
    co_return *std::move(added);
}

Task<std::optional<ItemRead>> PostgresItemService::find(std::int64_t id) {
    auto row = co_await database_.query_optional<ItemRow>(kFind, id);
    if (!row) co_return std::nullopt;
    co_return to_schema(*std::move(row));
}

Task<UpdateOutcome> PostgresItemService::replace(std::int64_t id, ItemReplace item,
                                                 Precondition precondition) {
    auto row = co_await database_.query_optional<ItemRow>(
        kReplace, id, precondition.only, precondition.except, *item.name, plain(item.description),
        *item.category, *item.price, *item.quantity);
    if (row) co_return to_schema(*std::move(row));
    co_return co_await why_not_updated(id);
}

Task<UpdateOutcome> PostgresItemService::patch(std::int64_t id, ItemPatch patch,
                                               Precondition precondition) {
    if (is_empty(patch)) {
        auto item = co_await find(id);
        if (!item) co_return ItemMissing();
        if (!precondition.admits(item->updated_at)) co_return ItemChanged();
        co_return *std::move(item);
    }
    const bool describes = patch.description.present();
    const auto description = describes ? plain(*patch.description) : std::nullopt;
    auto row = co_await database_.query_optional<ItemRow>(
        kPatch, id, precondition.only, precondition.except, plain(patch.name), describes,
        description, plain(patch.category), plain(patch.price), plain(patch.quantity));
    if (row) co_return to_schema(*std::move(row));
    co_return co_await why_not_updated(id);
}

Task<DeleteOutcome> PostgresItemService::remove(std::int64_t id, Precondition precondition) {
    const auto deleted =
        co_await database_.execute(kRemove, id, precondition.only, precondition.except);
    if (deleted > 0) co_return DeleteOutcome::kDeleted;
    const bool present = co_await exists(id);
    co_return present ? DeleteOutcome::kChanged : DeleteOutcome::kMissing;
}

Task<bool> PostgresItemService::exists(std::int64_t id) {
    co_return co_await database_.query_one<bool>(kExists, id);
}

Task<UpdateOutcome> PostgresItemService::why_not_updated(std::int64_t id) {
    const bool present = co_await exists(id);
    if (present) co_return ItemChanged();
    co_return ItemMissing();
}

}  // namespace app
