// Connections that one transaction at a time has to itself.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include <base/task.hpp>
#include <postgres/transaction.hpp>

#include "connection.hpp"

namespace postgres {

/// Those of one io_context. A pipelined connection cannot serve here: between `begin` and `commit`
/// everything that it is sent belongs to the transaction. Opened on demand, then kept.
class ExclusiveConnections : public std::enable_shared_from_this<ExclusiveConnections> {
public:
    ExclusiveConnections(boost::asio::io_context& context,
                         std::shared_ptr<const PoolConfig> config);

    /// Waits for a connection at most PoolConfig::query_timeout. Throws ConnectionLost (kNotDone),
    /// QueryTimeout or QueueFull.
    [[nodiscard]] base::Task<std::shared_ptr<Connection>> acquire();
    /// Waits likewise for the right to open a connection elsewhere; release(nullptr, false) gives
    /// it back.
    [[nodiscard]] base::Task<> acquire_slot();
    /// Takes a connection back; one that is not `clean` (between transactions) is closed.
    void release(std::shared_ptr<Connection> connection, bool clean);
    /// Closes idle connections now, the others when they come back.
    void drain();

    struct Stats {
        std::atomic<std::size_t> busy = 0;
        std::atomic<std::size_t> idle = 0;
        std::atomic<std::size_t> waiting = 0;
    };
    [[nodiscard]] const Stats& stats() const noexcept { return stats_; }

private:
    struct Waiter;

    [[nodiscard]] base::Task<> wait_for_slot();
    [[nodiscard]] std::shared_ptr<Connection> take_idle();
    void publish() noexcept;

    boost::asio::io_context& context_;
    std::shared_ptr<const PoolConfig> config_;
    std::vector<std::shared_ptr<Connection>> idle_;
    std::size_t busy_ = 0;         // slots that are taken
    std::deque<Waiter*> waiters_;  // in order of arrival; only while all slots are taken
    bool closing_ = false;
    Stats stats_;
};

/// Holds an exclusive connection and gives it back.
class Transaction::Lease {
public:
    Lease(std::shared_ptr<ExclusiveConnections> home, std::shared_ptr<Connection> connection)
        : home_(std::move(home)), connection_(std::move(connection)) {}
    ~Lease() { home_->release(std::move(connection_), clean); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    [[nodiscard]] Connection& connection() const noexcept { return *connection_; }
    [[nodiscard]] const std::shared_ptr<Connection>& shared_connection() const noexcept {
        return connection_;
    }

    bool clean = false;  ///< the transaction has ended, so the connection can be used again

private:
    std::shared_ptr<ExclusiveConnections> home_;
    std::shared_ptr<Connection> connection_;
};

}  // namespace postgres
