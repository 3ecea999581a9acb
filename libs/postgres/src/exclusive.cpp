#include "exclusive.hpp"

#include <exception>

#include <fmt/format.h>

#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <postgres/errors.hpp>

namespace asio = boost::asio;

namespace postgres {

ExclusiveConnections::ExclusiveConnections(asio::io_context& context,
                                           std::shared_ptr<const PoolConfig> config)
    : context_(context), config_(std::move(config)) {}

base::Task<> ExclusiveConnections::acquire_slot() {
    const auto self = shared_from_this();
    if (closing_) throw ConnectionLost("the pool is being closed", Outcome::kNotDone);
    if (busy_ < config_->max_transactions_per_thread) {
        ++busy_;
    } else {
        co_await wait_for_slot();
    }
    publish();
}

base::Task<std::shared_ptr<Connection>> ExclusiveConnections::acquire() {
    const auto self = shared_from_this();
    co_await acquire_slot();
    auto connection = take_idle();
    publish();
    if (connection) co_return connection;

    connection = std::make_shared<Connection>(context_, config_, Connection::Use::kTransactions);
    std::exception_ptr failure;
    try {
        const std::string why = co_await connection->connect();
        if (!why.empty()) throw ConnectionLost(why, Outcome::kNotDone);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        release(nullptr, false);
        std::rethrow_exception(failure);
    }
    base::spawn(context_, connection->serve());
    co_return connection;
}

// Suspended in wait_for_slot().
struct ExclusiveConnections::Waiter {
    explicit Waiter(ExclusiveConnections& waited_for)
        : home(waited_for), timer(home.context_, home.config_->query_timeout) {
        home.waiters_.push_back(this);
        home.publish();
    }
    // Also when its coroutine is destroyed without being resumed.
    ~Waiter() {
        if (granted) return;
        std::erase(home.waiters_, this);
        home.publish();
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    ExclusiveConnections& home;
    asio::steady_timer timer;
    bool granted = false;
};

base::Task<> ExclusiveConnections::wait_for_slot() {
    if (waiters_.size() >= config_->max_queue) {
        throw QueueFull(fmt::format("{} transactions are waiting already", waiters_.size()));
    }
    Waiter waiter(*this);
    const auto [woken] = co_await waiter.timer.async_wait(base::use_task);
    if (waiter.granted) co_return;
    if (closing_) throw ConnectionLost("the pool is being closed", Outcome::kNotDone);
    if (woken) throw boost::system::system_error(woken);  // cancelled by the caller
    throw QueryTimeout(fmt::format("no connection for a transaction within {} ms",
                                   config_->query_timeout.count()));
}

std::shared_ptr<Connection> ExclusiveConnections::take_idle() {
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->connected() && !connection->closing()) return connection;
    }
    return nullptr;
}

void ExclusiveConnections::release(std::shared_ptr<Connection> connection, bool clean) {
    if (connection) {
        if (clean && !closing_ && connection->connected() && connection->load() == 0) {
            idle_.push_back(std::move(connection));
        } else {
            connection->abort();
        }
    }
    if (!waiters_.empty() && !closing_) {
        // The slot changes hands without becoming free, so that no newcomer overtakes.
        Waiter& next = *waiters_.front();
        waiters_.pop_front();
        next.granted = true;
        next.timer.cancel();
    } else {
        --busy_;
    }
    publish();
}

void ExclusiveConnections::drain() {
    closing_ = true;
    for (const auto& connection : idle_)
        connection->drain();
    idle_.clear();
    for (Waiter* waiter : waiters_)
        waiter->timer.cancel();
    publish();
}

void ExclusiveConnections::publish() noexcept {
    stats_.busy.store(busy_, std::memory_order_relaxed);
    stats_.idle.store(idle_.size(), std::memory_order_relaxed);
    stats_.waiting.store(waiters_.size(), std::memory_order_relaxed);
}

}  // namespace postgres
