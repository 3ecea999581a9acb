// What a pool does without a database.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <postgres/pool.hpp>

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
using postgres::Pool;
using postgres::PoolConfig;

// Nobody listens on the discard port of this machine.
constexpr const char* kNobody = "postgresql://nobody@127.0.0.1:9/nothing";

TEST(PoolConfig, RefusesWhatMakesNoSense) {
    const auto refused = [](PoolConfig config) {
        EXPECT_THROW(Pool(std::move(config), {}), base::ConfigError);
    };
    refused({.url = "nonsense"});
    refused({.url = kNobody, .connections_per_thread = 0});
    refused({.url = kNobody, .write_connections_per_thread = 0});
    refused({.url = kNobody, .max_queue = 0});
    refused({.url = kNobody, .connect_timeout = 0s});
    refused({.url = kNobody, .query_timeout = 5s, .statement_timeout = 5s});
    refused({.url = kNobody, .statement_timeout = -1s});
    refused({.url = kNobody, .lock_timeout = -1s});
}

TEST(Pool, FailsFastWhileTheDatabaseIsAway) {
    asio::io_context context;
    asio::io_context* const contexts[] = {&context};
    Pool pool({.url = kNobody}, contexts);
    pool.start();
    auto outcome = asio::co_spawn(
        context,
        [&]() -> base::Task<> {
            // The first query waits for the first attempt, the second need not.
            for (int i = 0; i < 2; ++i) {
                try {
                    co_await pool.ping();
                    ADD_FAILURE() << "answered";
                } catch (const postgres::ConnectionLost& error) {
                    EXPECT_EQ(error.outcome(), postgres::Outcome::kNotDone);
                }
            }
            EXPECT_EQ(pool.stats().connecting, 2);
            EXPECT_THROW(co_await pool.transaction([](postgres::Transaction&) -> base::Task<> {
                ADD_FAILURE() << "begun";
                co_return;
            }),
                         postgres::ConnectionLost);
            pool.stop();
        },
        asio::use_future);
    context.run();
    outcome.get();
}

TEST(Pool, GivesUpBeingReadyAfterTheTimeout) {
    asio::io_context context;
    asio::io_context* const contexts[] = {&context};
    Pool pool({.url = kNobody}, contexts);
    pool.start();
    auto outcome = asio::co_spawn(
        context,
        [&]() -> base::Task<> {
            EXPECT_THROW(co_await pool.ready(200ms), base::Unavailable);
            pool.stop();
        },
        asio::use_future);
    context.run();
    outcome.get();
}

TEST(Pool, RefusesCallsFromAnIoContextThatIsNotItsOwn) {
    asio::io_context mine;
    asio::io_context other;
    asio::io_context* const contexts[] = {&mine};
    Pool pool({.url = kNobody}, contexts);
    auto outcome = asio::co_spawn(other, pool.ping(), asio::use_future);
    other.run();
    EXPECT_THROW(outcome.get(), std::logic_error);
}

}  // namespace
