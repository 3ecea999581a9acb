// Items in memory, for tests of what stands above the service.
#pragma once

#include <algorithm>
#include <exception>
#include <vector>

#include <services/item_service.hpp>

namespace app {

class FakeItems final : public ItemService {
public:
    static constexpr base::Timestamp kCreated{std::chrono::seconds(1'767'225'600)};  // 2026-01-01

    std::exception_ptr failure;             ///< thrown by every call
    std::optional<ItemFilter> last_filter;  ///< of list()
    std::optional<ItemPatch> last_patch;    ///< of patch()
    std::optional<ItemCursor> next_cursor;  ///< what list() returns
    std::vector<ItemRead> stored;

    base::Task<ItemPage> list(ItemFilter filter) override {
        fail_if_asked();
        ItemPage page{.items = stored, .next_cursor = next_cursor, .total = {}};
        if (*filter.include_total) {
            page.total = schema::Omissible(static_cast<std::int64_t>(stored.size()));
        }
        last_filter = std::move(filter);
        co_return page;
    }
    base::Task<ItemRead> add(ItemCreate item) override {
        fail_if_asked();
        std::optional<std::string> description;
        if (item.description) description = **item.description;
        stored.push_back({static_cast<std::int64_t>(stored.size()) + 1, *item.name, description,
                          *item.category, *item.price, *item.quantity, kCreated, kCreated});
        co_return stored.back();
    }
    base::Task<std::optional<ItemRead>> find(std::int64_t id) override {
        fail_if_asked();
        const auto* item = lookup(id);
        if (item == nullptr) co_return std::nullopt;
        co_return *item;
    }
    base::Task<UpdateOutcome> replace(std::int64_t id, ItemReplace item,
                                      Precondition precondition) override {
        fail_if_asked();
        auto* found = lookup(id);
        if (found == nullptr) co_return ItemMissing();
        if (!precondition.admits(found->updated_at)) co_return ItemChanged();
        found->name = *item.name;
        touch(*found);
        co_return *found;
    }
    base::Task<UpdateOutcome> patch(std::int64_t id, ItemPatch patch,
                                    Precondition precondition) override {
        fail_if_asked();
        auto* found = lookup(id);
        if (found == nullptr) co_return ItemMissing();
        if (!precondition.admits(found->updated_at)) co_return ItemChanged();
        last_patch = std::move(patch);
        touch(*found);
        co_return *found;
    }
    base::Task<DeleteOutcome> remove(std::int64_t id, Precondition precondition) override {
        fail_if_asked();
        const auto* found = lookup(id);
        if (found == nullptr) co_return DeleteOutcome::kMissing;
        if (!precondition.admits(found->updated_at)) co_return DeleteOutcome::kChanged;
        std::erase_if(stored, [id](const ItemRead& item) { return item.id == id; });
        co_return DeleteOutcome::kDeleted;
    }

private:
    void fail_if_asked() const {
        if (failure) std::rethrow_exception(failure);
    }
    ItemRead* lookup(std::int64_t id) {
        const auto found = std::ranges::find(stored, id, &ItemRead::id);
        return found == stored.end() ? nullptr : &*found;
    }
    static void touch(ItemRead& item) { item.updated_at += std::chrono::seconds(1); }
};

}  // namespace app
