// LISTEN: receives other sessions' NOTIFY on its own connection, which reconnects automatically.
// https://www.postgresql.org/docs/16/sql-notify.html
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <base/task.hpp>

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace postgres {

struct ListenerConfig {
    /// As PoolConfig::url. LISTEN needs a server that accepts writes, and no pooler in between that
    /// shares sessions (PgBouncer's transaction mode).
    std::string url;
    /// Each 1 to 63 bytes, as PostgreSQL's identifiers; upper and lower case differ.
    std::vector<std::string> channels;
    /// Shown in pg_stat_activity.
    std::string application_name = "postgres-listener";

    std::chrono::milliseconds connect_timeout{3000};
    /// A connection that is silent for so long is asked for a sign of life, which has to come
    /// within connect_timeout.
    std::chrono::milliseconds ping_interval{10000};
    /// Notifications that wait for next(); of at most 8000 bytes each. One more, and all of them
    /// are replaced by a single kGap.
    std::size_t max_buffered = 1000;
};

/// The result of next().
struct ListenerEvent {
    enum class Kind {
        kNotification,
        /// Notifications before this event may be missing, those after it are not: read from the
        /// tables what has changed. Comes first of all, after each reconnection, and when
        /// max_buffered was exceeded.
        kGap,
    };
    Kind kind = Kind::kNotification;
    std::string channel{};  ///< empty for kGap
    std::string payload{};

    friend bool operator==(const ListenerEvent&, const ListenerEvent&) = default;
};

/// Listens on one io_context, which one thread runs. PostgreSQL delivers a notification when its
/// transaction commits, in the order of commits, and only to sessions that listen then: it keeps
/// nothing for those that are away. So a notification is a hint, and the tables are the truth:
///
///     while (auto event = co_await listener.next()) {
///         co_await publish_changes_since(last_seen);  // the same for both kinds
///     }
///
/// A connection that breaks is re-established with the back-off of the pool; failures are logged
/// and show here as a kGap once it is back. Destroyed before its io_context.
class Listener {
public:
    /// Throws base::ConfigError for a url that cannot be parsed, a bad channel name or none, or
    /// limits that are not positive. Does not connect.
    Listener(ListenerConfig config, boost::asio::io_context& context);
    ~Listener();  ///< stops
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Begins to connect; call it once. The context need not run yet.
    void start();
    /// Ends next() and closes. Returns at once, from any thread; the context has to run on until
    /// the connection is closed.
    void stop();

    /// The next event, or nullopt after stop(). One caller at a time, on the listener's io_context;
    /// anything else is a std::logic_error.
    [[nodiscard]] base::Task<std::optional<ListenerEvent>> next();

private:
    class Session;
    std::shared_ptr<Session> session_;
};

}  // namespace postgres
