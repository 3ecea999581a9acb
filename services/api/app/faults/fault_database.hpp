// What faults do to the database: an interface, so that the rest is tested without one.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

#include <base/task.hpp>
#include <postgres/pool.hpp>

namespace app {

class FaultDatabase {
public:
    virtual ~FaultDatabase() = default;

    /// Has the database sleep, on a connection for transactions.
    virtual base::Task<> sleep(std::chrono::milliseconds duration) = 0;
    /// Takes every connection for transactions of the calling thread until `wanted` says no, and
    /// then asks for one more: throws base::Unavailable if none becomes free in time.
    virtual base::Task<> use_full_pool(std::function<bool()> wanted) = 0;
};

class PostgresFaultDatabase final : public FaultDatabase {
public:
    /// `connections`: PoolConfig::max_transactions_per_thread of the pool.
    PostgresFaultDatabase(postgres::Pool& pool, std::size_t connections)
        : pool_(pool), connections_(connections) {}

    base::Task<> sleep(std::chrono::milliseconds duration) override;
    base::Task<> use_full_pool(std::function<bool()> wanted) override;

private:
    // How many connections of a thread's are to be held from now on.
    std::size_t claim(const void* thread);
    base::Task<> hold_one(const void* thread, std::function<bool()> wanted);

    postgres::Pool& pool_;
    std::size_t connections_;
    std::mutex mutex_;
    std::map<const void*, std::size_t> held_;  // connections by io_context
};

}  // namespace app
