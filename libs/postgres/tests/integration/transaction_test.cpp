// Several statements, together or not at all.
#include <algorithm>

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "support.hpp"

namespace {

using namespace postgres;
using namespace std::chrono_literals;

constexpr Statement kInsert{"insert", "insert into t values ($1)"};
constexpr Statement kCount{"count", "select count(*) from t"};

class Transactions : public testing_support::DatabaseTest {
protected:
    void SetUp() override { sql("create table t (id int primary key)"); }
};

TEST_F(Transactions, CommitWhenTheBodyReturns) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        const std::int64_t seen =
            co_await pool.transaction([&](Transaction& tx) -> base::Task<std::int64_t> {
                co_await tx.execute(kInsert, 1);
                co_await tx.execute(kInsert, 2);
                // Nobody else sees them yet.
                EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
                EXPECT_EQ(pool.stats().transactions_busy, 1);
                co_return co_await tx.query_one<std::int64_t>(kCount);
            });
        EXPECT_EQ(seen, 2);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 2);
        EXPECT_EQ(pool.stats().transactions_idle, 1);
    });
}

TEST_F(Transactions, RollBackWhenTheBodyThrows) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        EXPECT_THROW(co_await pool.transaction([](Transaction& tx) -> base::Task<> {
            co_await tx.execute(kInsert, 1);
            throw std::runtime_error("changed my mind");
        }),
                     std::runtime_error);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
        // The connection is used again.
        EXPECT_EQ(pool.stats().transactions_idle, 1);
        co_await pool.transaction(
            [](Transaction& tx) -> base::Task<> { co_await tx.execute(kInsert, 1); });
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 1);
    });
}

TEST_F(Transactions, RollBackWhenAStatementFails) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        EXPECT_THROW(co_await pool.transaction([](Transaction& tx) -> base::Task<> {
            co_await tx.execute(kInsert, 1);
            co_await tx.execute(kInsert, 1);
        }),
                     QueryError);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
    });
}

TEST_F(Transactions, ReportAFailureThatOnlyTheCommitFinds) {
    sql("alter table t add unique (id) deferrable initially deferred;"
        "alter table t drop constraint t_pkey");
    Pool& pool = open();
    run([&]() -> base::Task<> {
        EXPECT_THROW(co_await pool.transaction([](Transaction& tx) -> base::Task<> {
            co_await tx.execute(kInsert, 1);
            co_await tx.execute(kInsert, 1);
        }),
                     QueryError);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
        EXPECT_EQ(pool.stats().transactions_idle, 1);
    });
}

TEST_F(Transactions, DoNotPretendToCommitAfterAFailureThatTheBodySwallowed) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        std::string sqlstate;
        try {
            co_await pool.transaction([](Transaction& tx) -> base::Task<> {
                co_await tx.execute(kInsert, 1);
                EXPECT_THROW(co_await tx.execute(kInsert, 1), QueryError);
            });
        } catch (const QueryError& error) {
            sqlstate = error.sqlstate();
        }
        EXPECT_EQ(sqlstate, "25P02");
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
    });
}

TEST_F(Transactions, HaveTheIsolationThatWasAskedFor) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        static constexpr Statement kLevel{"level",
                                          "select current_setting('transaction_isolation')"
                                          " || ' ' || current_setting('transaction_read_only')"};
        const auto level = [](Transaction& tx) -> base::Task<std::string> {
            co_return co_await tx.query_one<std::string>(kLevel);
        };
        EXPECT_EQ(co_await pool.transaction(level), "read committed off");
        EXPECT_EQ(co_await pool.transaction(
                      level, {.isolation = Isolation::kRepeatableRead, .read_only = true}),
                  "repeatable read on");
        EXPECT_EQ(co_await pool.transaction(level, {.isolation = Isolation::kSerializable}),
                  "serializable off");
    });
}

TEST_F(Transactions, ShareFewConnections) {
    Pool& pool = open({.max_transactions_per_thread = 2});
    std::size_t most = 0;
    std::vector<Coroutine> clients;
    for (int id = 0; id < 20; ++id) {
        clients.emplace_back([&, id]() -> base::Task<> {
            co_await pool.transaction([&, id](Transaction& tx) -> base::Task<> {
                most = std::max(most, pool.stats().transactions_busy);
                co_await tx.execute(kInsert, id);
            });
        });
    }
    run_all(clients);
    EXPECT_EQ(sql("select count(*) from t"), "20");
    EXPECT_EQ(most, 2);
    EXPECT_EQ(pool.stats().transactions_idle, 2);
}

TEST_F(Transactions, GetTheirTurnInOrderOfArrival) {
    Pool& pool = open({.max_transactions_per_thread = 1});
    std::vector<int> order;
    std::vector<Coroutine> clients;
    for (int id = 0; id < 10; ++id) {
        clients.emplace_back([&, id]() -> base::Task<> {
            co_await pool.transaction([&, id](Transaction&) -> base::Task<> {
                order.push_back(id);
                co_return;
            });
        });
    }
    run_all(clients);
    EXPECT_TRUE(std::ranges::is_sorted(order));
    EXPECT_EQ(order.size(), 10);
}

TEST_F(Transactions, GiveUpWaitingForAConnection) {
    Pool& pool = open({.max_queue = 1,
                       .max_transactions_per_thread = 1,
                       .query_timeout = 200ms,
                       .statement_timeout = 0ms});
    static constexpr Statement kSleep{"sleep", "select pg_sleep(0.15)::text"};
    std::vector<std::string> ends;
    std::vector<Coroutine> clients(3, [&]() -> base::Task<> {
        try {
            co_await pool.transaction([](Transaction& tx) -> base::Task<> {
                static_cast<void>(co_await tx.query_one<std::string>(kSleep));
                static_cast<void>(co_await tx.query_one<std::string>(kSleep));
            });
            ends.emplace_back("committed");
        } catch (const QueueFull&) {
            ends.emplace_back("refused");
        } catch (const QueryTimeout&) {
            ends.emplace_back("gave up");
        }
    });
    run_all(clients);
    EXPECT_EQ(ends, (std::vector<std::string>{"refused", "gave up", "committed"}));
}

// At the end of a process, whose io_context destroys what waits, in whatever order.
TEST_F(Transactions, MayBeAbandonedWhileTheyWaitForAConnection) {
    auto context = std::make_unique<boost::asio::io_context>();
    boost::asio::io_context* const contexts[] = {context.get()};
    auto pool = std::make_unique<Pool>(
        PoolConfig{
            .url = url(), .application_name = schema_.name(), .max_transactions_per_thread = 1},
        contexts);
    pool->start();
    const auto client = [](Pool& database) -> base::Task<> {
        const auto wait = [](Transaction&) -> base::Task<> {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
            co_await timer.async_wait(boost::asio::use_awaitable);
        };
        co_await database.transaction(wait);
    };
    for (int i = 0; i < 4; ++i)
        boost::asio::co_spawn(*context, client(*pool), boost::asio::detached);
    while (pool->stats().transactions_busy < 1 || pool->stats().transactions_waiting < 3)
        context->run_one();
    pool.reset();
    context.reset();
}

TEST_F(Transactions, DoNotReuseAConnectionWhoseAnswerIsOutstanding) {
    Pool& pool = open({.query_timeout = 200ms, .statement_timeout = 0ms});
    run([&]() -> base::Task<> {
        static constexpr Statement kSlow{"slow", "select pg_sleep(0.5)::text"};
        EXPECT_THROW(co_await pool.transaction([](Transaction& tx) -> base::Task<> {
            co_await tx.execute(kInsert, 1);
            static_cast<void>(co_await tx.query_one<std::string>(kSlow));
        }),
                     QueryTimeout);
        EXPECT_EQ(pool.stats().transactions_idle, 0);
        EXPECT_EQ(pool.stats().transactions_busy, 0);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
    });
}

// A body that collides with another session on its first `collisions` runs.
struct Collider {
    explicit Collider(std::function<void()> interfere, int collisions)
        : interfere_(std::move(interfere)), collisions_(collisions) {}

    base::Task<> operator()(Transaction& tx) {
        ++*runs;
        static constexpr Statement kMove{"move", "update t set id = id + 10"};
        static_cast<void>(co_await tx.query_one<std::int64_t>(kCount));  // takes the snapshot
        if (*runs <= collisions_) interfere_();
        co_await tx.execute(kMove);
    }

    std::shared_ptr<int> runs = std::make_shared<int>(0);

private:
    std::function<void()> interfere_;
    int collisions_;
};

TEST_F(Transactions, RunAgainAfterASerializationFailure) {
    Pool& pool = open();
    sql("insert into t values (1)");
    run([&]() -> base::Task<> {
        const Collider body([&] { sql("update t set id = id + 1"); }, 2);
        co_await pool.transaction(body, {.isolation = Isolation::kRepeatableRead});
        EXPECT_EQ(*body.runs, 3);
        EXPECT_EQ(sql("select id from t"), "13");
        EXPECT_EQ(pool.stats().transactions_idle, 1);  // each attempt rolled back in order
    });
}

TEST_F(Transactions, GiveUpAfterTheirLastAttempt) {
    Pool& pool = open();
    sql("insert into t values (1)");
    run([&]() -> base::Task<> {
        const Collider body([&] { sql("update t set id = id + 1"); }, 100);
        EXPECT_THROW(co_await pool.transaction(
                         body, {.isolation = Isolation::kRepeatableRead, .max_attempts = 2}),
                     QueryError);
        EXPECT_EQ(*body.runs, 2);
        EXPECT_EQ(sql("select id from t"), "3");
    });
}

TEST_F(Transactions, DoNotRunAgainAfterAnyOtherFailure) {
    Pool& pool = open();
    int runs = 0;
    run([&]() -> base::Task<> {
        EXPECT_THROW(co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
            ++runs;
            co_await tx.execute(kInsert, 1);
            co_await tx.execute(kInsert, 1);
        }),
                     base::Conflict);
        EXPECT_EQ(runs, 1);
    });
}

}  // namespace
