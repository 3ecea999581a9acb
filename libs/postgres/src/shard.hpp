// The part of a pool that belongs to one io_context.
#pragma once

#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include <postgres/pool.hpp>

#include "connection.hpp"
#include "exclusive.hpp"

namespace postgres {

/// Used on its io_context only, but for add_stats(). Its coroutines keep what they need alive, so
/// it may go before they have ended.
class Pool::Shard {
public:
    Shard(boost::asio::io_context& context, std::shared_ptr<const PoolConfig> config);

    [[nodiscard]] boost::asio::io_context& context() const noexcept { return context_; }

    void start();
    void drain();

    /// The shared connection with the fewest queries.
    [[nodiscard]] Connection& pick() const noexcept;
    /// Throws ConnectionLost at once while the database is known to be away.
    [[nodiscard]] base::Task<std::unique_ptr<Transaction::Lease>> lease();
    /// Runs a COPY statement up to the point where data flows. Throws like lease().
    [[nodiscard]] base::Task<std::shared_ptr<CopySession>> copy(Statement statement, bool in);

    void add_stats(PoolStats& stats) const noexcept;

private:
    boost::asio::io_context& context_;
    std::shared_ptr<const PoolConfig> config_;
    std::vector<std::shared_ptr<Connection>> shared_;  // fixed: stats are read by other threads
    std::shared_ptr<ExclusiveConnections> exclusive_;
};

}  // namespace postgres
