// The whole API on a real PostgreSQL, without a socket: what the integration tests share.
#pragma once

#include <application.hpp>
#include <config.hpp>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <test_support/database_schema.hpp>
#include <test_support/run.hpp>

#include <postgres/migrations.hpp>
#include <postgres/pool.hpp>
#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace app {

/// Each test works in a schema of its own.
class ApiDatabaseTest : public testing::Test {
protected:
    void SetUp() override {
        telemetry::log::configure({.service = "api", .level = telemetry::log::Level::kError});
        if (migrated_) postgres::migrate(url(), postgres::Migrations::load(migrations_dir()));
        boost::asio::io_context* const contexts[] = {&context_};
        pool_config_.url = url();
        pool_.emplace(pool_config_, contexts);
        pool_->start();
    }

    void TearDown() override {
        if (api_) api_->stop();
        pool_->stop();
        context_.restart();
        context_.run();  // closes the connections
        pool_.reset();
    }

    static std::string migrations_dir() { return API_SOURCE_DIR "/migrations"; }
    [[nodiscard]] const std::string& url() const noexcept { return schema_.url(); }
    [[nodiscard]] postgres::Pool& pool() noexcept { return *pool_; }
    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

    /// Runs a coroutine to its end and yields what it yields.
    template <class T>
    T run(base::Task<T> task) {
        return test_support::run(context_, std::move(task));
    }

    /// Runs SQL behind the API's back; yields the first value of the last statement.
    std::string execute(const std::string& sql) const { return schema_.execute(sql); }
    /// A transaction of another session that has run a statement and stays open, with what that
    /// locked.
    [[nodiscard]] test_support::OpenTransaction hold(const std::string& sql) const {
        return schema_.hold(sql);
    }

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

    postgres::PoolConfig pool_config_;  ///< its url is set by SetUp()
    bool migrated_ = true;              ///< set to false before SetUp() for an empty schema

private:
    test_support::DatabaseSchema schema_;
    boost::asio::io_context context_{1};
    telemetry::Registry registry_;
    std::optional<postgres::Pool> pool_;
    std::optional<Application> api_;
};

}  // namespace app
