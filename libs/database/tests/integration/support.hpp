// What the tests against a real PostgreSQL share.
#pragma once

#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <base/task.hpp>
#include <postgres/pool.hpp>
#include <telemetry/log.hpp>

namespace database::testing_support {

/// Each test works in a schema of its own, so that tests can run side by side.
class DatabaseTest : public testing::Test {
protected:
    void SetUp() override {
        telemetry::log::configure({.service = "things", .sink = [](std::string_view) {}});
        const char* const server = std::getenv("TEST_DATABASE_URL");
        if (server == nullptr) {
            throw std::runtime_error(
                "these tests need a PostgreSQL: `make test` starts one, or set "
                "TEST_DATABASE_URL=postgresql://...");
        }
        const auto schema = fmt::format("database_test_{}", getpid());
        url_ = fmt::format("{}{}options=-csearch_path%3D{}", server,
                           std::string_view(server).contains('?') ? '&' : '?', schema);
        pool_ = std::make_unique<postgres::Pool>(postgres::PoolConfig{.url = url_}, contexts_);
        pool_->start();
        drop_ = fmt::format("drop schema if exists {} cascade", schema);
        execute(drop_);
        execute(fmt::format("create schema {}", schema));
    }
    void TearDown() override {
        if (pool_ == nullptr) return;
        execute(drop_);
        pool_->stop();
        context_.restart();
        context_.run();  // closes the connections
    }

    /// Runs a coroutine to its end and yields what it yields.
    template <class T>
    T run(base::Task<T> task) {
        std::optional<T> result;
        std::exception_ptr failure;
        boost::asio::co_spawn(context_, std::move(task),
                              [&](const std::exception_ptr& error, T value) {
                                  failure = error;
                                  result = std::move(value);
                              });
        context_.restart();
        while (!result && context_.run_one() > 0) {
        }
        if (failure) std::rethrow_exception(failure);
        return *std::move(result);
    }
    void execute(std::string sql) { (void)run(pool_->execute({"", sql})); }

    boost::asio::io_context context_{1};
    boost::asio::io_context* const contexts_[1]{&context_};
    std::string url_;
    std::unique_ptr<postgres::Pool> pool_;

private:
    std::string drop_;
};

}  // namespace database::testing_support
