// What faults do to the database: they keep it, or the connections to it, busy.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

#include <base/task.hpp>
#include <postgres/pool.hpp>

namespace faults {

class PoolFaults {
public:
    /// `connections`: PoolConfig::max_transactions_per_thread of the pool.
    PoolFaults(postgres::Pool& pool, std::size_t connections)
        : pool_(pool), connections_(connections) {}

    /// Has the database sleep, on a connection for transactions.
    base::Task<> sleep(std::chrono::milliseconds duration);
    /// Takes every connection for transactions of the calling thread until `wanted` says no, and
    /// then asks for one more: throws base::Unavailable if none becomes free in time.
    base::Task<> use_full_pool(std::function<bool()> wanted);

private:
    // How many connections of a thread's are to be held from now on.
    std::size_t claim(const void* thread);
    base::Task<> hold_one(const void* thread, std::function<bool()> wanted);

    postgres::Pool& pool_;
    std::size_t connections_;
    std::mutex mutex_;
    std::map<const void*, std::size_t> held_;  // connections by io_context
};

}  // namespace faults
