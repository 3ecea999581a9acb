// What the tests against a real PostgreSQL share.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <test_support/database_schema.hpp>

#include <postgres/errors.hpp>
#include <postgres/pool.hpp>

namespace postgres::testing_support {

/// Each test works in a schema of its own, and on one io_context, which run() turns.
class DatabaseTest : public testing::Test {
protected:
    using Coroutine = std::function<base::Task<>()>;

    void TearDown() override {
        pool_.reset();
        context_.restart();
        context_.run();  // closes the connections
    }

    /// Makes the pool that the test uses, connected.
    Pool& open(PoolConfig config = {}) {
        if (config.url.empty()) config.url = url();
        config.application_name = schema_.name();  // how pg_stat_activity tells tests apart
        boost::asio::io_context* const contexts[] = {&context_};
        pool_ = std::make_unique<Pool>(std::move(config), contexts);
        pool_->start();
        run([this]() -> base::Task<> { co_await pool_->ready(std::chrono::seconds(10)); });
        return *pool_;
    }

    /// Runs coroutines at the same time until all have ended; rethrows the first failure.
    void run_all(const std::vector<Coroutine>& coroutines) {
        std::size_t left = coroutines.size();
        std::exception_ptr failure;
        for (const Coroutine& coroutine : coroutines) {
            boost::asio::co_spawn(context_, coroutine(), [&](std::exception_ptr thrown) {
                --left;
                if (thrown && !failure) failure = thrown;
            });
        }
        context_.restart();
        while (left > 0 && context_.run_one() > 0) {
        }
        if (failure) std::rethrow_exception(failure);
    }
    void run(const Coroutine& coroutine) { run_all({coroutine}); }

    /// Nothing keeps the io_context busy: no connection, no timer.
    bool is_idle() {
        context_.restart();
        context_.run_for(std::chrono::seconds(20));
        return context_.stopped();
    }

    [[nodiscard]] const std::string& url() const noexcept { return schema_.url(); }
    /// Runs SQL at once, behind the library's back, and yields the first value.
    std::string sql(const std::string& text) const { return schema_.execute(text); }

    test_support::DatabaseSchema schema_;
    boost::asio::io_context context_;
    std::unique_ptr<Pool> pool_;
};

}  // namespace postgres::testing_support
