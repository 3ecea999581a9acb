// The life of a connection: connecting, breaking, closing, coming back.
#include <base/use_task.hpp>

#include "backoff.hpp"
#include "connection.hpp"
#include "establish.hpp"
#include "life_log.hpp"

namespace asio = boost::asio;

namespace postgres {
namespace {

// The session's settings: see Type<T> for the formats, PoolConfig for the limits.
Conninfo session(const PoolConfig& config, Connection::Use use) {
    Conninfo conninfo(config.url, config.application_name);
    conninfo.set_option("statement_timeout", std::to_string(config.statement_timeout.count()));
    conninfo.set_option("idle_in_transaction_session_timeout",
                        std::to_string(config.idle_transaction_timeout.count()));
    if (use == Connection::Use::kShared) {
        conninfo.set_option("lock_timeout", std::to_string(config.lock_timeout.count()));
    }
    return conninfo;
}

}  // namespace

base::Task<std::string> Connection::connect() {
    const auto self = shared_from_this();
    connect_expired_ = false;
    timer_.expires_after(config_->connect_timeout);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto connection = weak.lock();
        if (error || !connection) return;
        connection->connect_expired_ = true;
        connection->cancel_wait();
    });
    std::string failure;
    std::exception_ptr thrown;  // the coroutine was cancelled
    try {
        failure = co_await attempt();
    } catch (...) {
        thrown = std::current_exception();
        failure = "connecting was cancelled";
    }
    timer_.cancel();
    if (failure.empty()) {
        state_ = State::kConnected;
        publish();
        co_return failure;
    }
    disconnect(State::kAway);
    fail_front(queue_.size(), failure, Outcome::kNotDone);
    if (thrown) std::rethrow_exception(thrown);
    co_return failure;
}

base::Task<std::string> Connection::attempt() {
    wire_ = std::make_unique<Wire>(session(*config_, use_));
    std::string failure = co_await establish(context_, *wire_, socket_, [this]() -> std::string {
        if (closing_) return "the connection is being closed";
        return connect_expired_ ? "no connection within the connect timeout" : "";
    });
    if (failure.empty() && !wire_->enter_pipeline()) failure = wire_->error();
    co_return failure;
}

base::Task<> Connection::serve() {
    const auto self = shared_from_this();
    last_progress_ = Clock::now();
    send_waiting();
    while (broken_.empty() && !(closing_ && queue_.empty())) {
        if (lent_) {
            timer_.expires_at(Clock::time_point::max());
            co_await timer_.async_wait(base::use_task);
            continue;
        }
        const auto [error] =
            co_await socket_->async_wait(asio::posix::stream_descriptor::wait_read, base::use_task);
        // The code that cancels the wait has set `broken_`, `closing_` or `lent_`.
        if (!error && !read()) break_off(wire_->error());
    }
    const std::string reason = broken_.empty() ? "the connection was closed" : broken_;
    if (!closing_) log_life(telemetry::log::Level::kWarn, "database connection lost", reason);
    // A shared connection comes back at once if it can; meanwhile queries are accepted.
    disconnect(closing_ || use_ == Use::kTransactions ? State::kAway : State::kConnecting);
    fail_front(sent_, reason, Outcome::kUnknown);
    if (away()) fail_front(queue_.size(), reason, Outcome::kNotDone);
}

base::Task<> Connection::pause(std::chrono::milliseconds duration) {
    const auto self = shared_from_this();
    if (closing_) co_return;
    timer_.expires_after(duration);
    co_await timer_.async_wait(base::use_task);
}

void Connection::lend() {
    if (lent_ || !queue_.empty()) throw std::logic_error("a COPY needs a connection to itself");
    if (closing_ || !connected()) {
        throw ConnectionLost("the connection is being closed", Outcome::kNotDone);
    }
    if (!wire_->leave_pipeline()) throw ConnectionLost(wire_->error(), Outcome::kNotDone);
    lent_ = true;
    // If serve() read an answer of the borrower's, nothing would wake the borrower: the socket
    // becomes readable once.
    cancel_wait();
}

void Connection::take_back() {
    if (!wire_->enter_pipeline()) throw ConnectionLost(wire_->error(), Outcome::kNotDone);
    lent_ = false;
    timer_.cancel();
}

void Connection::drain() {
    closing_ = true;
    if (connected() && !queue_.empty()) return;  // serve() ends with the last answer
    cancel_wait();
}

void Connection::abort() {
    closing_ = true;
    break_off("the connection was closed");
}

void Connection::break_off(std::string reason) {
    if (broken_.empty()) broken_ = std::move(reason);
    cancel_wait();
}

void Connection::cancel_wait() {
    timer_.cancel();
    if (socket_ && socket_->is_open()) socket_->cancel();
}

void Connection::disconnect(State next) {
    state_ = next;
    broken_.clear();
    release(socket_);
    wire_.reset();
    publish();
}

void Connection::fail_front(std::size_t count, const std::string& reason, Outcome outcome) {
    // Removed first, because the resumed coroutines may enqueue again.
    std::vector<Entry> failed;
    failed.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        failed.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    sent_ -= std::min(sent_, count);
    publish();
    for (Entry& entry : failed) {
        // A statement that PostgreSQL had refused already certainly failed for that reason.
        resume(entry.waiter, entry.answer.failure
                                 ? entry.answer.failure
                                 : std::make_exception_ptr(ConnectionLost(reason, outcome)));
    }
    if (queue_.empty()) deadline_timer_.cancel();
}

base::Task<> keep_connected(std::shared_ptr<Connection> connection) {
    constexpr std::chrono::seconds kStable(1);
    Backoff backoff;
    std::string last_failure;
    while (!connection->closing()) {
        const std::string failure = co_await connection->connect();
        if (connection->closing() && !failure.empty()) break;
        if (failure.empty()) {
            log_life(telemetry::log::Level::kInfo, "database connected", {});
            last_failure.clear();
            const auto since = std::chrono::steady_clock::now();
            co_await connection->serve();
            // One that breaks at once must not be reopened in a tight loop.
            if (std::chrono::steady_clock::now() - since >= kStable) {
                backoff.reset();
                continue;
            }
        } else if (failure != last_failure) {
            // Once per cause: an outage is one line, not one a second.
            log_life(telemetry::log::Level::kWarn, "database unreachable", failure);
            last_failure = failure;
        }
        co_await connection->pause(backoff.next());
    }
}

}  // namespace postgres
