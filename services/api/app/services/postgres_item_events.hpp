// Events out of the table item_events. NOTIFY only says that there is something to read, so what is
// lost with a connection is a hint, never an event.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <services/item_events.hpp>

#include <postgres/listener.hpp>
#include <postgres/pool.hpp>

namespace boost::asio {
class io_context;
}

namespace app {

/// Each thread reads new events once for all of its clients and keeps the newest 1,000 in memory. A
/// client that is slower, or was away, reads what it lacks from the table in pages of its own: the
/// table is its buffer, for the 24 hours that it keeps events.
class PostgresItemEvents final : public ItemEvents {
public:
    /// `database` and the contexts outlive this; `url` is for a connection that listens.
    PostgresItemEvents(postgres::Pool& database, std::string url,
                       std::span<boost::asio::io_context* const> contexts);
    ~PostgresItemEvents() override;

    /// Begins to listen; call it once.
    void start();
    /// Ends every stream. From any thread; the contexts have to run on until all is closed.
    void stop();

    [[nodiscard]] std::unique_ptr<ItemEventStream> subscribe(
        std::optional<EventPosition> after) override;

private:
    class Feed;
    class Stream;

    static base::Task<> pass_on(std::shared_ptr<postgres::Listener> listener,
                                std::vector<std::shared_ptr<Feed>> feeds);

    boost::asio::io_context& listening_context_;
    std::shared_ptr<postgres::Listener> listener_;
    std::vector<std::shared_ptr<Feed>> feeds_;  // one for each io_context
};

}  // namespace app
