// Many queries on one connection: each gets its own answer and fails of its own causes.
#include <array>
#include <atomic>
#include <optional>
#include <thread>

#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include <base/context.hpp>

#include "support.hpp"

namespace {

using namespace postgres;
using namespace std::chrono_literals;

constexpr Statement kEcho{"echo", "select $1::int"};
constexpr Statement kDivide{"divide", "select 1 / $1::int"};
constexpr Statement kSleep{"sleep", "select pg_sleep($1)::text"};

class Pipeline : public testing_support::DatabaseTest {};

TEST_F(Pipeline, GivesEachOfManyQueriesItsOwnAnswer) {
    Pool& pool = open();
    std::vector<Coroutine> clients;
    for (int client = 0; client < 200; ++client) {
        clients.emplace_back([&pool, client]() -> base::Task<> {
            for (int i = 0; i < 20; ++i) {
                const int number = client * 1000 + i;
                EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, number), number);
            }
        });
    }
    run_all(clients);
    EXPECT_EQ(pool.stats().connected, 2);
    EXPECT_EQ(pool.stats().queries_in_flight, 0);
    EXPECT_EQ(sql("select count(*) from pg_stat_activity"
                  " where application_name = current_schema()"),
              "2");
}

TEST_F(Pipeline, LetsAFailingQueryFailAlone) {
    Pool& pool = open();
    int failed = 0;
    std::vector<Coroutine> clients;
    for (int client = 0; client < 100; ++client) {
        clients.emplace_back([&pool, &failed, client]() -> base::Task<> {
            if (client % 10 != 5) {
                EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, client), client);
                co_return;
            }
            try {
                static_cast<void>(co_await pool.query_one<std::int32_t>(kDivide, 0));
            } catch (const QueryError& error) {
                EXPECT_EQ(error.sqlstate(), "22012");
                ++failed;
            }
        });
    }
    run_all(clients);
    EXPECT_EQ(failed, 10);
}

TEST_F(Pipeline, LetsAStatementThatDoesNotParseFailAlone) {
    Pool& pool = open();
    int failed = 0;
    std::vector<Coroutine> clients;
    for (int client = 0; client < 6; ++client) {
        clients.emplace_back([&pool, &failed, client]() -> base::Task<> {
            static constexpr Statement kBroken{"broken", "selekt $1::int"};
            try {
                static_cast<void>(co_await pool.query_one<std::int32_t>(
                    client % 2 == 0 ? kBroken : kEcho, client));
            } catch (const QueryError& error) {
                EXPECT_EQ(error.sqlstate(), "42601");
                EXPECT_EQ(client % 2, 0);
                ++failed;
            }
        });
    }
    run_all(clients);
    EXPECT_EQ(failed, 3);
    // The name is not left behind as prepared.
    run([&]() -> base::Task<> {
        static constexpr Statement kBroken{"broken", "selekt $1::int"};
        EXPECT_THROW(co_await pool.query_one<std::int32_t>(kBroken, 1), QueryError);
    });
}

TEST_F(Pipeline, RunsEachQueryInATransactionOfItsOwn) {
    sql("create table t (id int primary key)");
    Pool& pool = open();
    static constexpr Statement kInsert{"insert", "insert into t values ($1)"};
    std::vector<Coroutine> clients;
    for (const int id : {1, 2, 1, 3}) {
        clients.emplace_back([&pool, id]() -> base::Task<> {
            try {
                co_await pool.execute(kInsert, id);
            } catch (const QueryError& error) {
                EXPECT_NE(dynamic_cast<const base::Conflict*>(&error), nullptr);
                EXPECT_EQ(error.constraint(), "t_pkey");
                EXPECT_EQ(std::string(error.what()).find("Key (id)"), std::string::npos);
            }
        });
    }
    run_all(clients);
    EXPECT_EQ(sql("select string_agg(id::text, ',' order by id) from t"), "1,2,3");
}

TEST_F(Pipeline, ReportsAFailureThatOnlyTheCommitFinds) {
    sql("create table parent (id int primary key);"
        "create table child (id int references parent deferrable initially deferred)");
    Pool& pool = open();
    run([&]() -> base::Task<> {
        static constexpr Statement kOrphan{"orphan", "insert into child values (1)"};
        bool failed = false;
        try {
            co_await pool.execute(kOrphan);
        } catch (const QueryError& error) {
            failed = error.is_foreign_key_violation();
        }
        EXPECT_TRUE(failed);
        EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, 1), 1);
    });
}

TEST_F(Pipeline, PreparesAnewWhenTheTableHasChanged) {
    sql("create table t (a int); insert into t values (1)");
    Pool& pool = open();
    static constexpr Statement kAll{"all", "select * from t"};
    run([&]() -> base::Task<> {
        const Result result = co_await pool.run(kAll, Params());
        EXPECT_EQ(result.columns(), 1);
    });
    sql("alter table t add b int");
    std::vector<Coroutine> clients(5, [&]() -> base::Task<> {
        const Result result = co_await pool.run(kAll, Params());
        EXPECT_EQ(result.columns(), 2);
    });
    run_all(clients);
    sql("alter table t add c int");
    run([&]() -> base::Task<> {
        const Result result = co_await pool.run(kAll, Params());
        EXPECT_EQ(result.columns(), 3);
    });
}

TEST_F(Pipeline, RefusesTwoStatementsWithOneName) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        static constexpr Statement kOne{"same", "select 1"};
        static constexpr Statement kTwo{"same", "select 2"};
        EXPECT_EQ(co_await pool.query_one<std::int32_t>(kOne), 1);
        EXPECT_THROW(co_await pool.query_one<std::int32_t>(kTwo), std::logic_error);
        EXPECT_EQ(co_await pool.query_one<std::int32_t>(kOne), 1);
    });
}

TEST_F(Pipeline, RefusesMoreThanTheQueueHolds) {
    Pool& pool = open({.max_queue = 10, .max_in_flight = 4});
    int answered = 0;
    int refused = 0;
    std::vector<Coroutine> clients(15, [&]() -> base::Task<> {
        try {
            static_cast<void>(co_await pool.query_one<std::int32_t>(kEcho, 1));
            ++answered;
        } catch (const QueueFull&) {
            ++refused;
            EXPECT_EQ(pool.stats().queue_utilisation, 1.0);
        }
    });
    run_all(clients);
    EXPECT_EQ(answered, 10);
    EXPECT_EQ(refused, 5);
    EXPECT_EQ(pool.stats().queue_utilisation, 0.0);
}

TEST_F(Pipeline, LetsTheServerStopASlowStatement) {
    Pool& pool = open({.statement_timeout = 100ms});
    run_all(
        {[&]() -> base::Task<> {
             try {
                 static_cast<void>(co_await pool.query_one<std::string>(kSleep, 5.0));
                 ADD_FAILURE() << "answered";
             } catch (const QueryTimeout& error) {
                 EXPECT_EQ(error.outcome(), Outcome::kNotDone);
             }
         },
         [&]() -> base::Task<> { EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, 7), 7); }});
}

constexpr Statement kInsert{"insert", "insert into t values ($1)"};
constexpr Statement kCount{"count", "select count(*) from t"};

TEST_F(Pipeline, LetsReadsPassAWriteThatWaits) {
    sql("create table t (id int)");
    Pool& pool = open({.lock_timeout = 4s});
    auto lock = schema_.hold("lock table t in share mode");
    std::vector<std::string> ends;
    run_all({[&]() -> base::Task<> {
                 co_await pool.execute(kInsert, 1);
                 ends.emplace_back("written");
             },
             [&]() -> base::Task<> {
                 EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
                 ends.emplace_back("read");
                 lock.release();
             }});
    EXPECT_EQ(ends, (std::vector<std::string>{"read", "written"}));
    EXPECT_EQ(sql("select count(*) from t"), "1");
}

TEST_F(Pipeline, GivesUpOnALock) {
    sql("create table t (id int)");
    Pool& pool = open({.lock_timeout = 100ms});
    auto lock = schema_.hold("lock table t in access exclusive mode");
    run_all(
        {[&]() -> base::Task<> {
             EXPECT_THROW(co_await pool.execute(kInsert, 1), LockTimeout);
             EXPECT_THROW(co_await pool.query_one<std::int64_t>(kCount), LockTimeout);
             // A transaction waits: it holds nobody up.
             boost::asio::steady_timer timer(context_, 300ms);
             timer.async_wait([&](boost::system::error_code) { lock.release(); });
             co_await pool.transaction(
                 [](Transaction& tx) -> base::Task<> { co_await tx.execute(kInsert, 2); });
         },
         [&]() -> base::Task<> { EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, 7), 7); }});
    EXPECT_EQ(sql("select string_agg(id::text, ',') from t"), "2");
}

TEST_F(Pipeline, StaysInStepWhenACallerGivesUp) {
    Pool& pool = open({.query_timeout = 300ms, .statement_timeout = 0ms});
    run_all({[&]() -> base::Task<> {
                 try {
                     static_cast<void>(co_await pool.query_one<std::string>(kSleep, 0.5));
                     ADD_FAILURE() << "answered";
                 } catch (const QueryTimeout& error) {
                     EXPECT_EQ(error.outcome(), Outcome::kUnknown);
                 }
             },
             [&]() -> base::Task<> {
                 // Waits behind it on the same connection.
                 EXPECT_THROW(co_await pool.query_one<std::int32_t>(kEcho, 7), QueryTimeout);
                 // Once the server has slept, the next gets its own answer and none of theirs.
                 std::optional<std::int32_t> answer;
                 for (int attempts = 0; !answer && attempts < 50; ++attempts) {
                     try {
                         answer = co_await pool.query_one<std::int32_t>(kEcho, 8);
                     } catch (const QueryTimeout&) {
                     }
                 }
                 EXPECT_EQ(answer, 8);
             }});
}

TEST_F(Pipeline, StaysInStepWhenACallerIsCancelled) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        using namespace boost::asio::experimental::awaitable_operators;
        boost::asio::steady_timer timer(context_, 50ms);
        const auto first = co_await (pool.query_one<std::string>(kSleep, 0.3) ||
                                     timer.async_wait(boost::asio::use_awaitable));
        EXPECT_EQ(first.index(), 1);
        EXPECT_EQ(co_await pool.query_one<std::int32_t>(kEcho, 9), 9);
    });
}

TEST_F(Pipeline, RestoresTheContextOfEachRequest) {
    Pool& pool = open();
    std::vector<Coroutine> clients;
    for (int client = 1; client <= 20; ++client) {
        clients.emplace_back([&pool, client]() -> base::Task<> {
            base::TraceContext mine;
            mine.trace_id[0] = static_cast<std::uint8_t>(client);
            const base::ContextScope scope(mine);  // what the web layer does for a request
            for (int i = 0; i < 5; ++i) {
                static_cast<void>(co_await pool.query_one<std::int32_t>(kEcho, client));
                EXPECT_EQ(base::current_context(), mine);
                EXPECT_THROW(co_await pool.query_one<std::int32_t>(kDivide, 0), QueryError);
                EXPECT_EQ(base::current_context(), mine);
            }
        });
    }
    run_all(clients);
}

TEST_F(Pipeline, ServesEachThreadOnAConnectionOfItsOwn) {
    constexpr std::size_t kThreads = 3;
    std::array<boost::asio::io_context, kThreads> contexts;
    std::vector<boost::asio::io_context*> pointers;
    for (auto& context : contexts)
        pointers.push_back(&context);
    std::atomic<std::size_t> answered = 0;
    std::atomic<std::size_t> left = kThreads;
    Pool pool({.url = url(), .application_name = schema_.name()}, pointers);
    pool.start();
    const auto client = [&](int number) -> base::Task<> {
        co_await pool.ready(10s);
        for (int i = 0; i < 100; ++i) {
            if (co_await pool.query_one<std::int32_t>(kEcho, number + i) == number + i) ++answered;
        }
        static_cast<void>(pool.stats());
        if (--left == 0) pool.stop();
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
        boost::asio::co_spawn(contexts[i], client(static_cast<int>(i) * 1000),
                              boost::asio::detached);
        threads.emplace_back([&context = contexts[i]] { context.run(); });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(answered, kThreads * 100);
}

TEST_F(Pipeline, TellsOfEachQuery) {
    std::vector<std::string> told;
    std::vector<base::TraceContext> requests;
    const base::TraceContext request{.trace_id = {1}, .span_id = {2}};
    Pool& pool = open({.on_query = [&](const QueryEvent& event) {
        EXPECT_LT(std::chrono::system_clock::now() - event.started - event.duration, 1min);
        told.push_back(fmt::format("{}: {}: {} {}", event.statement.name, event.statement.sql,
                                   event.ok, event.sqlstate));
        requests.push_back(base::current_context());
    }});
    told.clear();
    requests.clear();
    const base::ContextScope scope(request);
    run([&]() -> base::Task<> {
        static_cast<void>(co_await pool.query_one<std::int32_t>(kEcho, 1));
        EXPECT_THROW(co_await pool.query_one<std::int32_t>(kDivide, 0), QueryError);
    });
    EXPECT_EQ(told,
              (std::vector<std::string>{fmt::format("echo: {}: true ", kEcho.sql),
                                        fmt::format("divide: {}: false 22012", kDivide.sql)}));
    EXPECT_EQ(requests, (std::vector<base::TraceContext>{request, request}));
}

}  // namespace
