// The operations on items, in PostgreSQL. No HTTP.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <schemas/item.hpp>
#include <schemas/item_list.hpp>

#include <base/result.hpp>
#include <base/task.hpp>
#include <postgres/group_commit.hpp>
#include <postgres/pool.hpp>

namespace app {

/// Which versions (updated_at) of an item a change may be applied to. A change to another version
/// would undo what its author has not seen.
struct Precondition {
    std::optional<std::vector<base::Timestamp>> only;  ///< nullopt: any
    std::vector<base::Timestamp> except;

    [[nodiscard]] bool admits(base::Timestamp version) const;
};

struct ItemMissing {};
struct ItemChanged {};  ///< the precondition does not admit the item's version
struct KeyReused {};    ///< the idempotency key belongs to another request

/// Every call throws base::Unavailable while the database cannot be reached.
class ItemService {
public:
    /// `database` outlives the service; its contexts run the calls.
    ItemService(postgres::Pool& database, std::span<boost::asio::io_context* const> contexts);

    [[nodiscard]] base::Task<ItemPage> list(ItemFilter filter);
    /// With an idempotency key, a repetition within 24 hours yields the first outcome.
    [[nodiscard]] base::Task<base::Result<ItemRead, KeyReused>> add(
        ItemCreate item, std::optional<IdempotencyKey> key);
    /// All of them or none, in their order.
    [[nodiscard]] base::Task<base::Result<ItemBulk, KeyReused>> add_all(
        ItemBulkCreate bulk, std::optional<IdempotencyKey> key);
    [[nodiscard]] base::Task<base::Result<ItemRead, ItemMissing>> find(ItemId id);
    [[nodiscard]] base::Task<base::Result<ItemRead, ItemMissing, ItemChanged>> replace(
        ItemId id, ItemCreate item, Precondition precondition);
    /// An empty patch changes nothing, not even updated_at.
    [[nodiscard]] base::Task<base::Result<ItemRead, ItemMissing, ItemChanged>> patch(
        ItemId id, ItemPatch patch, Precondition precondition);
    [[nodiscard]] base::Task<base::Result<base::Done, ItemMissing, ItemChanged>> remove(
        ItemId id, Precondition precondition);

private:
    // Why a statement changed nothing.
    template <class T>
    [[nodiscard]] base::Task<base::Result<T, ItemMissing, ItemChanged>> refusal(ItemId id);

    postgres::Pool& database_;
    postgres::GroupCommit<ItemCreate, ItemRead> inserter_;
};

}  // namespace app
