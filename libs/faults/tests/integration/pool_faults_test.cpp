// The faults that the database takes part in, on a real PostgreSQL.
#include "pool_faults.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <faults/injector.hpp>
#include <faults/with_faults.hpp>
#include <telemetry/log.hpp>
#include <web/app.hpp>
#include <web/test_client.hpp>

namespace {

using namespace std::chrono_literals;

base::Task<int> list_things() {
    co_return 1;
}

class FaultsInPostgres : public testing::Test {
protected:
    void SetUp() override {
        telemetry::log::configure({.service = "things", .sink = [](std::string_view) {}});
        const char* const url = std::getenv("TEST_DATABASE_URL");
        if (url == nullptr) {
            throw std::runtime_error(
                "these tests need a PostgreSQL: `make test` starts one, or set "
                "TEST_DATABASE_URL=postgresql://...");
        }
        pool_ = std::make_unique<postgres::Pool>(postgres::PoolConfig{.url = url}, contexts_);
        pool_->start();
    }
    void TearDown() override {
        pool_->stop();
        context_.restart();
        context_.run();  // closes the connections
    }

    [[nodiscard]] postgres::Pool& pool() noexcept { return *pool_; }

    // Runs the fault's coroutine; true when it ended well.
    bool try_to(base::Task<> task) {
        std::optional<bool> well;
        boost::asio::co_spawn(context_, ended_well(std::move(task)),
                              [&](const std::exception_ptr& error, bool ended) {
                                  EXPECT_FALSE(error);
                                  well = ended;
                              });
        run_while([&] { return !well; });
        return *well;
    }
    template <class Condition>
    void run_while(Condition condition) {
        context_.restart();
        while (condition() && context_.run_one() > 0) {
        }
    }

    boost::asio::io_context context_{1};
    boost::asio::io_context* const contexts_[1]{&context_};

private:
    static base::Task<bool> ended_well(base::Task<> task) {
        try {
            co_await std::move(task);
        } catch (const base::Unavailable&) {
            co_return false;
        }
        co_return true;
    }

    std::unique_ptr<postgres::Pool> pool_;
};

TEST_F(FaultsInPostgres, SleepInTheDatabase) {
    faults::PoolFaults faults(pool(), contexts_, 4);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(try_to(faults.sleep(60ms)));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 60ms);
}

TEST_F(FaultsInPostgres, HoldEveryConnectionForTransactionsUntilTheyEnd) {
    const std::size_t connections = postgres::PoolConfig().max_transactions_per_thread;
    faults::PoolFaults faults(pool(), contexts_, connections);
    const auto end = std::chrono::steady_clock::now() + 700ms;
    std::size_t most_held = 0;
    const auto wanted = [&] {
        most_held = std::max(most_held, pool().stats().transactions_busy);
        return std::chrono::steady_clock::now() < end;
    };
    // It waits for a connection like any transaction would, and gets one when the fault has ended.
    EXPECT_TRUE(try_to(faults.use_full_pool(wanted)));
    EXPECT_GE(std::chrono::steady_clock::now(), end);
    EXPECT_EQ(most_held, connections);
    run_while([this] { return pool().stats().transactions_busy > 0; });
}

// The same faults, as clients set and requests meet them.
class RequestsInPostgres : public FaultsInPostgres {
protected:
    void SetUp() override {
        FaultsInPostgres::SetUp();
        const auto resources = web::Router("/v1/things", "things").get<"/", list_things>("List");
        injector_ = std::make_unique<faults::Injector>(pool(), contexts_, registry_, resources);
        application_.include(faults::with_faults(resources)).provide(*injector_);
    }
    void set(boost::json::object faults) {
        faults["route"] = "/v1/things";
        ASSERT_EQ(client_.put("/v1/faults", faults).status, 200);
    }
    int list() { return client_.get("/v1/things").status; }

    telemetry::Registry registry_;
    web::App application_{{.title = "Things", .version = "1"}};
    web::TestClient client_{application_, context_};
    std::unique_ptr<faults::Injector> injector_;
};

TEST_F(RequestsInPostgres, WaitWhileTheDatabaseSleeps) {
    set({{"slow_query_ms", 60}});
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(list(), 200);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 60ms);
}

TEST_F(RequestsInPostgres, WaitForTheFullPoolUntilTheFaultEnds) {
    set({{"full_pool", true}, {"expires_in_seconds", 1}});
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(list(), 200);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 900ms);
    EXPECT_THAT(registry_.render(), testing::HasSubstr("faults_active{kind=\"full_pool\"} 0"));
    run_while([this] { return pool().stats().transactions_busy > 0; });
}

}  // namespace
