// The faults of the database: they keep it, or its connections, busy.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>

#include <base/per_thread.hpp>
#include <base/task.hpp>
#include <postgres/pool.hpp>

namespace faults {

class PoolFaults {
public:
    /// `contexts` and `connections` are those of the pool: its threads, and how many connections
    /// each has for transactions (PoolConfig::max_transactions_per_thread).
    PoolFaults(postgres::Pool& pool, std::span<boost::asio::io_context* const> contexts,
               std::size_t connections)
        : pool_(pool),
          connections_(connections),
          held_(contexts, [](boost::asio::io_context&) { return std::size_t{0}; }) {}

    /// Has the database sleep, on a connection for transactions.
    base::Task<> sleep(std::chrono::milliseconds duration);
    /// Takes every connection for transactions of the calling thread until `wanted` says no, and
    /// then asks for one more: throws base::Unavailable if none becomes free in time.
    base::Task<> use_full_pool(std::function<bool()> wanted);

private:
    base::Task<> hold_one(std::function<bool()> wanted);

    postgres::Pool& pool_;
    std::size_t connections_;
    base::PerThread<std::size_t> held_;
};

}  // namespace faults
