// The changes of items as they happen.
#pragma once

#include <memory>
#include <optional>

#include <schemas/item_event.hpp>

#include <base/task.hpp>

namespace app {

struct PositionedEvent {
    EventPosition position;  ///< just after the event: where to go on
    ItemEvent event;
};

/// The events for one client, in order, each once. Used on the thread that made it.
struct ItemEventStream {
    virtual ~ItemEventStream() = default;

    /// Waits for the next one, through outages of the database too, and while its schema does not
    /// fit; nullopt after stop().
    [[nodiscard]] virtual base::Task<std::optional<PositionedEvent>> next() = 0;
    /// Makes a waiting next(), and any later one, return nullopt soon.
    virtual void stop() noexcept = 0;
};

struct ItemEvents {
    virtual ~ItemEvents() = default;

    /// Everything after that place. Without one, or with one that is not in the log (any more), the
    /// first event is a reset.
    [[nodiscard]] virtual std::unique_ptr<ItemEventStream> subscribe(
        std::optional<EventPosition> after) = 0;
};

}  // namespace app
