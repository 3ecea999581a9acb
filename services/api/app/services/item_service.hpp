// What can be done with items. No HTTP, no SQL: routers call it, tests fake it.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <schemas/item.hpp>

#include <base/task.hpp>
#include <base/time.hpp>

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
using UpdateOutcome = std::variant<ItemRead, ItemMissing, ItemChanged>;

struct KeyReused {};  ///< the idempotency key belongs to another request
using AddOutcome = std::variant<ItemRead, KeyReused>;
using AddAllOutcome = std::variant<std::vector<ItemRead>, KeyReused>;

enum class DeleteOutcome { kDeleted, kMissing, kChanged };

/// Every call throws base::Unavailable while the items cannot be reached.
struct ItemService {
    virtual ~ItemService() = default;

    [[nodiscard]] virtual base::Task<ItemPage> list(ItemFilter filter) = 0;
    /// With an idempotency key, a repetition within 24 hours yields the first outcome.
    [[nodiscard]] virtual base::Task<AddOutcome> add(ItemCreate item,
                                                     std::optional<std::string> key) = 0;
    /// All of them or none, in their order.
    [[nodiscard]] virtual base::Task<AddAllOutcome> add_all(std::vector<ItemCreate> items,
                                                            std::optional<std::string> key) = 0;
    [[nodiscard]] virtual base::Task<std::optional<ItemRead>> find(std::int64_t id) = 0;
    [[nodiscard]] virtual base::Task<UpdateOutcome> replace(std::int64_t id, ItemReplace item,
                                                            Precondition precondition) = 0;
    /// An empty patch changes nothing, not even updated_at.
    [[nodiscard]] virtual base::Task<UpdateOutcome> patch(std::int64_t id, ItemPatch patch,
                                                          Precondition precondition) = 0;
    [[nodiscard]] virtual base::Task<DeleteOutcome> remove(std::int64_t id,
                                                           Precondition precondition) = 0;
};

}  // namespace app
