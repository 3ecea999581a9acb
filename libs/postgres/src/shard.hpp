// The part of a pool that belongs to one io_context.
#pragma once

#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include <postgres/pool.hpp>

#include "connection.hpp"
#include "exclusive.hpp"

namespace postgres {

/// Used on its io_context only, except for add_stats(). Its coroutines keep alive what they need,
/// so it may be destroyed before they end.
class Pool::Shard {
public:
    Shard(boost::asio::io_context& context, std::shared_ptr<const PoolConfig> config);

    void start();
    void drain();

    /// Of the shared connections for such statements, the one with the fewest queries.
    [[nodiscard]] Connection& pick(Statement statement) const noexcept;
    /// Throws ConnectionLost at once while the database is known to be away.
    [[nodiscard]] base::Task<std::unique_ptr<Transaction::Lease>> lease();
    /// Runs a COPY statement up to the point where data flows. Throws like lease().
    [[nodiscard]] base::Task<std::shared_ptr<CopySession>> copy_out(Statement statement,
                                                                    Params params);

    void add_stats(PoolStats& stats) const noexcept;

private:
    using Connections = std::vector<std::shared_ptr<Connection>>;

    [[nodiscard]] static Connection& least_loaded(const Connections& connections) noexcept;
    [[nodiscard]] bool away() const noexcept { return least_loaded(readers_).away(); }

    boost::asio::io_context& context_;
    std::shared_ptr<const PoolConfig> config_;
    // Fixed: stats are read by other threads.
    Connections readers_;
    Connections writers_;
    std::shared_ptr<ExclusiveConnections> exclusive_;
};

}  // namespace postgres
