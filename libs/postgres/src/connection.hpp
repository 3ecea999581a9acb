// One connection to PostgreSQL and the queue of queries that share it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <base/task.hpp>
#include <base/use_task.hpp>
#include <postgres/errors.hpp>
#include <postgres/pool.hpp>

#include "answer.hpp"
#include "wire.hpp"

namespace postgres {

/// Lives on one io_context; only stats() may be called from elsewhere.
///
/// A query enters `queue_` and its coroutine suspends. Once per turn of the event loop what has
/// gathered is sent in one go; results come back in the same order, and each resumes its coroutine
/// from within the reading loop. Entries in front of `sent_` are on their way to the server, those
/// behind it are not, and so survive a broken connection.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    /// True: a query whose prepared statement is stale is sent again. Not within a transaction,
    /// which such a failure aborts.
    enum class Use { kShared, kTransactions };

    Connection(boost::asio::io_context& context, std::shared_ptr<const PoolConfig> config, Use use);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Makes one attempt. Returns an empty text, or why it failed.
    [[nodiscard]] base::Task<std::string> connect();
    /// After connect(): answers queries until the connection breaks or is closed.
    [[nodiscard]] base::Task<> serve();
    /// Waits, or less when closed.
    [[nodiscard]] base::Task<> pause(std::chrono::milliseconds duration);

    /// Runs one statement; throws as QueryRunner says.
    [[nodiscard]] base::Task<Result> run(Statement statement, Params params);

    /// Leaves pipeline mode, in which there is no COPY; until take_back() run() throws
    /// std::logic_error. Nothing may be under way. The borrower finds wire() gone once connected()
    /// is false. Throws ConnectionLost.
    void lend();
    /// Returns to pipeline mode, once every result has been taken.
    void take_back();
    [[nodiscard]] bool lent() const noexcept { return lent_; }
    [[nodiscard]] Wire& wire() const noexcept { return *wire_; }
    [[nodiscard]] boost::asio::posix::stream_descriptor& socket() noexcept { return *socket_; }
    [[nodiscard]] boost::asio::io_context& context() const noexcept { return context_; }
    [[nodiscard]] const std::shared_ptr<const PoolConfig>& config() const noexcept {
        return config_;
    }

    /// Refuses further queries and closes once those accepted are answered.
    void drain();
    /// Closes now; queries that are queued fail with ConnectionLost.
    void abort();

    [[nodiscard]] bool closing() const noexcept { return closing_; }
    [[nodiscard]] bool connected() const noexcept { return state_ == State::kConnected; }
    /// Connected or trying for the first time since it was; otherwise queries fail at once.
    [[nodiscard]] bool away() const noexcept { return state_ == State::kAway; }
    [[nodiscard]] std::size_t load() const noexcept { return queue_.size(); }

    struct Stats {
        std::atomic<bool> connected = false;
        std::atomic<std::size_t> in_flight = 0;
        std::atomic<std::size_t> waiting = 0;
    };
    [[nodiscard]] const Stats& stats() const noexcept { return stats_; }

private:
    using Clock = std::chrono::steady_clock;
    using Signature = void(std::exception_ptr, Result);
    using Answered = std::tuple<std::exception_ptr, Result>;
    // Resumes a suspended coroutine. Storing its own type needs no allocation.
    using Handler = boost::asio::async_result<base::UseTask, Signature>::handler_type;

    struct Entry {
        std::uint64_t id = 0;
        Statement statement{};
        Params params{};
        Clock::time_point deadline{};
        std::optional<Handler> waiter{};  // empty: nobody waits any more
        Answer answer{};
        bool skipped = false;  // abandoned before it was sent, so no answer will come
        bool resent = false;
    };

    enum class State { kConnecting, kConnected, kAway };

    /// Throws if the query is not accepted.
    [[nodiscard]] base::Task<Answered> submit(Statement statement, Params params);
    void enqueue(Entry entry);
    void schedule_send();
    void send_waiting();
    void flush();
    [[nodiscard]] bool read();
    void finish_front();
    void abandon(std::uint64_t id);
    void drop_skipped();

    [[nodiscard]] base::Task<std::string> attempt();
    void disconnect(State next);
    // Lets serve() end with `reason`.
    void break_off(std::string reason);
    void cancel_wait();
    void fail_front(std::size_t count, const std::string& reason, Outcome outcome);
    // Empties `waiter` and lets its coroutine run until it suspends again.
    static void resume(std::optional<Handler>& waiter, std::exception_ptr failure,
                       Result result = {});

    void watch_deadlines();
    void expire(Clock::time_point now);
    [[nodiscard]] bool stall_is_a_failure() const noexcept;
    void publish() noexcept;

    boost::asio::io_context& context_;
    std::shared_ptr<const PoolConfig> config_;
    Use use_;
    State state_ = State::kConnecting;
    bool closing_ = false;
    bool lent_ = false;

    std::unique_ptr<Wire> wire_;
    std::optional<boost::asio::posix::stream_descriptor> socket_;
    std::string broken_;  // why serve() has to end

    std::deque<Entry> queue_;
    std::size_t sent_ = 0;
    std::uint64_t next_id_ = 0;
    bool send_scheduled_ = false;
    bool reading_ = false;
    bool flush_waits_ = false;

    boost::asio::steady_timer timer_;  // for connect(), pause(), and serve() while lent
    bool connect_expired_ = false;
    boost::asio::steady_timer deadline_timer_;  // for the oldest query
    bool deadline_watched_ = false;
    Clock::time_point last_progress_{};

    Stats stats_;
};

/// Keeps a shared connection connected until it is closed, with back-off.
[[nodiscard]] base::Task<> keep_connected(std::shared_ptr<Connection> connection);

}  // namespace postgres
