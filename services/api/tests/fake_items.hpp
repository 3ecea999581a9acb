// Items, their statistics and their events in memory, for tests of what stands above the services.
#pragma once

#include <algorithm>
#include <application.hpp>
#include <exception>
#include <vector>

#include <services/item_events.hpp>
#include <services/item_service.hpp>
#include <services/item_statistics.hpp>

namespace app {

class FakeItems final : public ItemService {
public:
    static constexpr base::Timestamp kCreated{std::chrono::seconds(1'767'225'600)};  // 2026-01-01

    std::exception_ptr failure;             ///< thrown by every call
    std::optional<ItemFilter> last_filter;  ///< of list()
    std::optional<ItemPatch> last_patch;    ///< of patch()
    std::optional<ItemCursor> next_cursor;  ///< what list() returns
    std::optional<std::string> last_key;    ///< of add() and add_all()
    bool key_is_taken = false;
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
    base::Task<AddOutcome> add(ItemCreate item, std::optional<std::string> key) override {
        fail_if_asked();
        last_key = std::move(key);
        if (key_is_taken) co_return KeyReused();
        co_return store(std::move(item));
    }
    base::Task<AddAllOutcome> add_all(std::vector<ItemCreate> items,
                                      std::optional<std::string> key) override {
        fail_if_asked();
        last_key = std::move(key);
        if (key_is_taken) co_return KeyReused();
        std::vector<ItemRead> added;
        for (auto& item : items)
            added.push_back(store(std::move(item)));
        co_return added;
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
    ItemRead store(ItemCreate item) {
        std::optional<std::string> description;
        if (item.description) description = **item.description;
        stored.push_back({static_cast<std::int64_t>(stored.size()) + 1, *item.name, description,
                          *item.category, *item.price, *item.quantity, kCreated, kCreated});
        return stored.back();
    }
    void fail_if_asked() const {
        if (failure) std::rethrow_exception(failure);
    }
    ItemRead* lookup(std::int64_t id) {
        const auto found = std::ranges::find(stored, id, &ItemRead::id);
        return found == stored.end() ? nullptr : &*found;
    }
    static void touch(ItemRead& item) { item.updated_at += std::chrono::seconds(1); }
};

class FakeStatistics final : public ItemStatistics {
public:
    ItemStats stats{};
    base::Task<ItemStats> read() override { co_return stats; }
};

/// Streams that yield the given events and then end.
class FakeEvents final : public ItemEvents {
public:
    std::vector<PositionedEvent> events;
    std::optional<EventPosition> last_after;  ///< of subscribe()

    std::unique_ptr<ItemEventStream> subscribe(std::optional<EventPosition> after) override {
        last_after = after;
        return std::make_unique<Stream>(events);
    }

private:
    class Stream final : public ItemEventStream {
    public:
        explicit Stream(std::vector<PositionedEvent> events) : events_(std::move(events)) {}
        base::Task<std::optional<PositionedEvent>> next() override {
            if (next_ == events_.size()) co_return std::nullopt;
            co_return events_[next_++];
        }
        void stop() noexcept override { next_ = events_.size(); }

    private:
        std::vector<PositionedEvent> events_;
        std::size_t next_ = 0;
    };
};

/// All of them, as the application takes them.
struct FakeServices {
    FakeItems items;
    FakeStatistics statistics;
    FakeEvents events;

    operator Services() { return {items, statistics, events}; }
};

}  // namespace app
