// Items in PostgreSQL.
#pragma once

#include <span>

#include <services/item_inserter.hpp>
#include <services/item_service.hpp>

#include <postgres/pool.hpp>

namespace app {

class PostgresItemService final : public ItemService {
public:
    /// `database` outlives the service; its contexts run the calls.
    PostgresItemService(postgres::Pool& database,
                        std::span<boost::asio::io_context* const> contexts)
        : database_(database), inserter_(database, contexts) {}

    [[nodiscard]] base::Task<ItemPage> list(ItemFilter filter) override;
    [[nodiscard]] base::Task<AddOutcome> add(ItemCreate item,
                                             std::optional<std::string> key) override;
    [[nodiscard]] base::Task<AddAllOutcome> add_all(std::vector<ItemCreate> items,
                                                    std::optional<std::string> key) override;
    [[nodiscard]] base::Task<std::optional<ItemRead>> find(std::int64_t id) override;
    [[nodiscard]] base::Task<UpdateOutcome> replace(std::int64_t id, ItemReplace item,
                                                    Precondition precondition) override;
    [[nodiscard]] base::Task<UpdateOutcome> patch(std::int64_t id, ItemPatch patch,
                                                  Precondition precondition) override;
    [[nodiscard]] base::Task<DeleteOutcome> remove(std::int64_t id,
                                                   Precondition precondition) override;

private:
    [[nodiscard]] base::Task<bool> exists(std::int64_t id);
    [[nodiscard]] base::Task<UpdateOutcome> why_not_updated(std::int64_t id);

    postgres::Pool& database_;
    ItemInserter inserter_;
};

}  // namespace app
