// The changes of items as they happen, out of the table item_events. NOTIFY only says that there is
// something to read, so what is lost with a connection is a hint, never an event.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>

#include <boost/asio/steady_timer.hpp>
#include <schemas/item_event.hpp>

#include <base/per_thread.hpp>
#include <base/task.hpp>
#include <postgres/listener.hpp>
#include <postgres/pool.hpp>

namespace boost::asio {
class io_context;
}

namespace app {

struct PositionedEvent {
    EventPosition position;  ///< just after the event: where to go on
    ItemEvent event;
};

/// Each thread reads new events once for all of its clients and keeps the newest 1,000 in memory. A
/// client that is slower, or was away, reads what it lacks from the table in pages of its own: the
/// table is its buffer, for the 24 hours that it keeps events.
class ItemEvents {
public:
    class Stream;

    /// `database` and the contexts outlive this. A connection of its own listens.
    ItemEvents(postgres::Pool& database, std::span<boost::asio::io_context* const> contexts);
    ~ItemEvents();

    /// Begins to listen; call it once.
    void start();
    /// Ends every stream. From any thread; the contexts have to run on until all is closed.
    void stop();

    /// Everything after that place. Without one, or with one that is not in the log (any more), the
    /// first event is a reset.
    [[nodiscard]] std::unique_ptr<Stream> subscribe(std::optional<EventPosition> after);

private:
    class Feed;
    using Feeds = base::PerThread<std::shared_ptr<Feed>>;

    static base::Task<> pass_on(std::shared_ptr<postgres::Listener> listener,
                                std::shared_ptr<Feeds> feeds);

    boost::asio::io_context& listening_context_;
    std::shared_ptr<postgres::Listener> listener_;
    std::shared_ptr<Feeds> feeds_;
};

/// The events for one client, in order, each once. Used on the thread that subscribed.
class ItemEvents::Stream {
public:
    Stream(std::shared_ptr<Feed> feed, std::optional<EventPosition> after);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// Waits for the next one, through outages of the database too, and while its schema does not
    /// fit; nullopt after stop().
    [[nodiscard]] base::Task<std::optional<PositionedEvent>> next();
    /// Makes a waiting next(), and any later one, return nullopt soon.
    void stop() noexcept;

private:
    // The next event that can be had without waiting for one to happen.
    [[nodiscard]] base::Task<std::optional<PositionedEvent>> look();
    [[nodiscard]] PositionedEvent take_from_page();

    std::shared_ptr<Feed> feed_;
    std::optional<EventPosition> resume_after_;
    std::optional<EventPosition> place_;  // after the last event that was yielded
    std::deque<PositionedEvent> page_;    // read from the table, while memory does not reach back
    boost::asio::steady_timer pause_;
    bool stopped_ = false;
};

}  // namespace app
