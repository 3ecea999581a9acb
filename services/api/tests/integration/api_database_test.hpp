// The whole API on a real PostgreSQL, without a socket: what the integration tests share.
#pragma once

#include <application.hpp>
#include <config.hpp>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <postgres/migrations.hpp>
#include <postgres/pool.hpp>
#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace app {

/// Each test process works in a schema of its own, so that tests can run side by side.
class ApiDatabaseTest : public testing::Test {
protected:
    void SetUp() override {
        telemetry::log::configure({.service = "api", .level = telemetry::log::Level::kError});
        const char* const url = std::getenv("TEST_DATABASE_URL");
        if (url == nullptr) {
            throw std::runtime_error(
                "these tests need a PostgreSQL: `make test` starts one, or set "
                "TEST_DATABASE_URL=postgresql://...");
        }
        const auto schema = fmt::format("api_test_{}", getpid());
        drop_ = fmt::format("drop schema if exists {} cascade", schema);
        const std::string server(url);
        url_ = fmt::format("{}{}options=-csearch_path%3D{}", server,
                           server.find('?') == std::string::npos ? '?' : '&', schema);
        open();
        execute(drop_);
        execute(fmt::format("create schema {}", schema));
        if (migrated_) postgres::migrate(url_, postgres::Migrations::load(migrations_dir()));
    }

    void TearDown() override {
        drop_schema();
        if (api_) api_->stop();
        pool_->stop();
        context_.restart();
        context_.run();  // closes the connections
        pool_.reset();
    }

    static std::string migrations_dir() { return API_SOURCE_DIR "/migrations"; }
    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] postgres::Pool& pool() noexcept { return *pool_; }
    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

    /// Runs a coroutine to its end and yields what it yields.
    template <class T>
    T run(base::Task<T> task) {
        std::optional<T> result;
        std::exception_ptr failure;
        bool ended = false;
        boost::asio::co_spawn(context_, store(std::move(task), result),
                              [&](const std::exception_ptr& error) {
                                  failure = error;
                                  ended = true;
                              });
        context_.restart();
        while (!ended && context_.run_one() > 0) {
        }
        if (failure) std::rethrow_exception(failure);
        return *std::move(result);
    }

    void execute(std::string sql) { (void)run(pool_->execute({"", sql})); }

    /// The API on this database, as `api serve` makes it; kept until the test has ended.
    [[nodiscard]] Application& api() {
        if (!api_) {
            boost::asio::io_context* const contexts[] = {&context_};
            api_.emplace(*pool_, contexts, registry_);
            api_->start();
        }
        return *api_;
    }
    [[nodiscard]] web::App& application() { return *api().endpoints; }
    [[nodiscard]] ItemService& items() { return api().items; }
    [[nodiscard]] ItemStatistics& statistics() { return api().statistics; }
    [[nodiscard]] ItemEvents& events() { return api().events; }

    friend class Held;
    postgres::PoolConfig pool_config_;  ///< its url is set by SetUp()
    bool migrated_ = true;              ///< set to false before SetUp() for an empty schema

private:
    // For a T that cannot be made out of nothing, as asio::co_spawn would.
    template <class T>
    static base::Task<> store(base::Task<T> task, std::optional<T>& result) {
        result.emplace(co_await std::move(task));
    }

    // In a transaction, since what shares a connection waits for a lock only half a second: the
    // feed of events may still be at a table, or autovacuum, on a machine that is busy.
    void drop_schema() {
        (void)run(pool_->transaction([this](postgres::Transaction& transaction) {
            return transaction.execute({"", drop_});
        }));
    }

    void open() {
        boost::asio::io_context* const contexts[] = {&context_};
        pool_config_.url = url_;
        pool_ = std::make_unique<postgres::Pool>(pool_config_, contexts);
        pool_->start();
    }

    boost::asio::io_context context_{1};
    std::string url_;
    std::string drop_;
    telemetry::Registry registry_;
    std::unique_ptr<postgres::Pool> pool_;
    std::optional<Application> api_;
};

/// A transaction of another session that has run a statement and stays open, with what that locked.
class Held {
public:
    Held(ApiDatabaseTest& test, std::string sql) : context_(test.context_) {
        boost::asio::io_context* const contexts[] = {&context_};
        pool_ = std::make_unique<postgres::Pool>(
            postgres::PoolConfig{.url = test.url_, .application_name = "holder"}, contexts);
        pool_->start();
        boost::asio::co_spawn(context_, hold(*pool_, std::move(sql), state_),
                              [state = state_](const std::exception_ptr& failure) {
                                  EXPECT_FALSE(failure);
                                  state->ended = true;
                              });
        context_.restart();
        while (!state_->held && !state_->ended)
            context_.run_one();
    }
    ~Held() {
        release();
        pool_->stop();
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

    /// Ends the transaction.
    void release() {
        state_->released = true;
        context_.restart();
        while (!state_->ended)
            context_.run_one();
    }

private:
    struct State {
        bool held = false;
        bool released = false;
        bool ended = false;
    };

    static base::Task<> hold(postgres::Pool& pool, std::string sql, std::shared_ptr<State> state) {
        const auto body = [&](postgres::Transaction& transaction) {
            return keep_open(transaction, sql, state);
        };
        co_await pool.transaction(body);
    }
    static base::Task<> keep_open(postgres::Transaction& transaction, std::string sql,
                                  std::shared_ptr<State> state) {
        co_await transaction.execute({"", sql});
        state->held = true;
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        while (!state->released) {
            timer.expires_after(std::chrono::milliseconds(5));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
    }

    boost::asio::io_context& context_;
    std::shared_ptr<State> state_ = std::make_shared<State>();
    std::unique_ptr<postgres::Pool> pool_;
};

}  // namespace app
