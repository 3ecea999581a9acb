// The database goes away in the middle of the work, and comes back.
#include "proxied.hpp"

namespace {

using namespace postgres;
using namespace std::chrono_literals;

constexpr Statement kEcho{"echo", "select $1::int"};
constexpr Statement kSleep{"sleep", "select pg_sleep($1)::text"};

class Reconnect : public testing_support::ProxiedDatabaseTest {
protected:
    // Waits until a query fails, or is answered, as `wanted` says.
    base::Task<> until(bool wanted) {
        const auto deadline = std::chrono::steady_clock::now() + 5s;
        while (std::chrono::steady_clock::now() < deadline) {
            bool answered = true;
            try {
                static_cast<void>(co_await pool_->query_one<std::int32_t>(kEcho, 1));
            } catch (const base::Unavailable&) {
                answered = false;
            }
            if (answered == wanted) co_return;
            co_await sleep(10ms);
        }
        ADD_FAILURE() << "still " << (wanted ? "away" : "there");
    }
};

TEST_F(Reconnect, FailsWhatWasInFlightThenServesAgain) {
    Pool& pool = open({.url = through_proxy_});
    int lost = 0;
    std::vector<Coroutine> clients(20, [&]() -> base::Task<> {
        try {
            static_cast<void>(co_await pool.query_one<std::string>(kSleep, 3.0));
        } catch (const ConnectionLost& error) {
            EXPECT_EQ(error.outcome(), Outcome::kUnknown);
            EXPECT_GE(error.retry_after(), 1s);
            ++lost;
        }
    });
    clients.emplace_back([&]() -> base::Task<> {
        co_await sleep(100ms);
        proxy_->cut();
        co_await until(false);
        // While it is away, queries do not wait for it until they time out.
        try {
            static_cast<void>(co_await pool.query_one<std::int32_t>(kEcho, 1));
            ADD_FAILURE() << "answered";
        } catch (const ConnectionLost& error) {
            EXPECT_EQ(error.outcome(), Outcome::kNotDone);
        }
        EXPECT_EQ(pool.stats().connected, 0);
        proxy_->restore();
        co_await until(true);
        co_await pool.ready(5s);
        EXPECT_EQ(pool.stats().connected, 2);
    });
    run_all(clients);
    EXPECT_EQ(lost, 20);
}

TEST_F(Reconnect, KeepsWhatWasNotSentYet) {
    Pool& pool = open({.max_in_flight = 1});
    int lost = 0;
    int answered = 0;
    std::vector<Coroutine> clients;
    clients.emplace_back([&]() -> base::Task<> {
        try {
            static_cast<void>(co_await pool.query_one<std::string>(kSleep, 3.0));
        } catch (const ConnectionLost&) {
            ++lost;
        }
    });
    for (int i = 0; i < 10; ++i) {
        clients.emplace_back([&, i]() -> base::Task<> {
            EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, i), i);
            ++answered;
        });
    }
    clients.emplace_back([&]() -> base::Task<> {
        co_await sleep(100ms);
        terminate();
    });
    run_all(clients);
    EXPECT_EQ(lost, 1);
    EXPECT_EQ(answered, 10);
}

TEST_F(Reconnect, IsNotNoticedWhenTheConnectionWasIdle) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        static_cast<void>(co_await pool.query_one<std::int32_t>(kEcho, 1));
        terminate();
        co_await sleep(20ms);
        // Prepares its statement anew, on the new connection.
        EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, 2), 2);
    });
}

TEST_F(Reconnect, LosesATransactionButNotTheNext) {
    Pool& pool = open({.url = through_proxy_});
    run([&]() -> base::Task<> {
        try {
            co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
                static_cast<void>(co_await tx.query_one<std::int32_t>(kEcho, 1));
                proxy_->cut();
                static_cast<void>(co_await tx.query_one<std::int32_t>(kEcho, 2));
            });
            ADD_FAILURE() << "committed";
        } catch (const ConnectionLost& error) {
            EXPECT_EQ(error.outcome(), Outcome::kNotDone);
        }
        proxy_->restore();
        co_await until(true);
        const auto echo = [](Transaction& tx) -> base::Task<std::int32_t> {
            co_return co_await tx.query_one<std::int32_t>(kEcho, 3);
        };
        EXPECT_EQ(co_await pool.transaction(echo), 3);
    });
}

TEST_F(Reconnect, GivesUpOnAServerThatDoesNotAnswer) {
    Pool& pool = open({.url = through_proxy_,
                       .connect_timeout = 200ms,
                       .query_timeout = 200ms,
                       .statement_timeout = 100ms});
    run([&]() -> base::Task<> {
        proxy_->freeze();
        EXPECT_THROW(co_await pool.query_one<std::int32_t>(kEcho, 1), QueryTimeout);
        // It is taken for dead, and the attempt to reconnect runs into its own limit.
        const auto deadline = std::chrono::steady_clock::now() + 3s;
        bool away = false;
        while (!away && std::chrono::steady_clock::now() < deadline) {
            try {
                static_cast<void>(co_await pool.query_one<std::int32_t>(kEcho, 1));
            } catch (const ConnectionLost&) {
                away = true;
            } catch (const QueryTimeout&) {
            }
        }
        EXPECT_TRUE(away);
    });
}

TEST_F(Reconnect, StopsWhenEverythingIsAnswered) {
    Pool& pool = open();
    int answered = 0;
    std::vector<Coroutine> clients(5, [&]() -> base::Task<> {
        static_cast<void>(co_await pool.query_one<std::string>(kSleep, 0.05));
        ++answered;
    });
    clients.emplace_back([&]() -> base::Task<> {
        co_await sleep(20ms);
        pool.stop();
        co_await sleep(1ms);
        try {
            static_cast<void>(co_await pool.query_one<std::int32_t>(kEcho, 1));
            ADD_FAILURE() << "accepted";
        } catch (const ConnectionLost& error) {
            EXPECT_EQ(error.outcome(), Outcome::kNotDone);
        }
    });
    run_all(clients);
    EXPECT_EQ(answered, 5);
    // Nothing keeps the io_context busy any more.
    EXPECT_TRUE(is_idle());
}

}  // namespace
