// The faults that the database takes part in.
#include <boost/asio/co_spawn.hpp>
#include <faults/fault_database.hpp>
#include <gtest/gtest.h>

#include <base/errors.hpp>

#include "api_database_test.hpp"

namespace {

using namespace std::chrono_literals;

class FaultsInPostgres : public app::ApiDatabaseTest {
protected:
    // Runs the fault's coroutine; true when it ended well.
    bool try_to(base::Task<> task) { return run(ended_well(std::move(task))); }
    static base::Task<bool> ended_well(base::Task<> task) {
        try {
            co_await std::move(task);
        } catch (const base::Unavailable&) {
            co_return false;
        }
        co_return true;
    }
};

TEST_F(FaultsInPostgres, SleepInTheDatabase) {
    app::PostgresFaultDatabase database(pool(), 4);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(try_to(database.sleep(60ms)));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 60ms);
}

TEST_F(FaultsInPostgres, HoldEveryConnectionForTransactionsUntilTheyEnd) {
    const std::size_t connections = postgres::PoolConfig().max_transactions_per_thread;
    app::PostgresFaultDatabase database(pool(), connections);
    const auto end = std::chrono::steady_clock::now() + 700ms;
    std::size_t most_held = 0;
    const auto wanted = [&] {
        most_held = std::max(most_held, pool().stats().transactions_busy);
        return std::chrono::steady_clock::now() < end;
    };
    // It waits for a connection like any transaction would, and gets one when the fault has ended.
    EXPECT_TRUE(try_to(database.use_full_pool(wanted)));
    EXPECT_GE(std::chrono::steady_clock::now(), end);
    EXPECT_EQ(most_held, connections);
    while (pool().stats().transactions_busy > 0)
        context().run_one();
}

}  // namespace
