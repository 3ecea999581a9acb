// What the tests against a real PostgreSQL share.
#pragma once

#include <cstdlib>
#include <exception>
#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <postgres/errors.hpp>
#include <postgres/pool.hpp>

namespace postgres::testing_support {

/// Each test works in a schema of its own, so that tests can run side by side, and on one
/// io_context, which run() turns.
class DatabaseTest : public testing::Test {
protected:
    using Coroutine = std::function<base::Task<>()>;

    void SetUp() override {
        const char* const url = std::getenv("TEST_DATABASE_URL");
        if (url == nullptr) {
            throw std::runtime_error(
                "these tests need a PostgreSQL: `make test` starts one, or set "
                "TEST_DATABASE_URL=postgresql://...");
        }
        server_url_ = url;
        schema_ = fmt::format("test_{}", getpid());
        url_ = fmt::format("{}{}options=-csearch_path%3D{}", server_url_,
                           server_url_.find('?') == std::string::npos ? '?' : '&', schema_);
        sql(fmt::format("drop schema if exists {0} cascade; create schema {0}", schema_));
    }
    void TearDown() override {
        pool_.reset();
        context_.restart();
        context_.run();  // closes the connections
        if (!schema_.empty()) sql(fmt::format("drop schema {} cascade", schema_));
    }

    /// Makes the pool that the test uses, connected.
    Pool& open(PoolConfig config = {}) {
        if (config.url.empty()) config.url = url_;
        config.application_name = schema_;  // how pg_stat_activity tells tests apart
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

    /// Runs SQL at once, behind the library's back, and returns the first value.
    std::string sql(const std::string& text) const {
        const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url_.c_str()),
                                                                    &PQfinish);
        PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
        const std::unique_ptr<PGresult, void (*)(PGresult*)> result(
            PQexec(connection.get(), text.c_str()), &PQclear);
        EXPECT_STREQ(PQerrorMessage(connection.get()), "");
        return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
    }

    /// Runs SQL in a transaction of another session, which keeps the locks that it takes.
    using Session = std::unique_ptr<PGconn, void (*)(PGconn*)>;
    Session hold(const std::string& text) const {
        Session session(PQconnectdb(url_.c_str()), &PQfinish);
        PQclear(PQexec(session.get(), ("begin; " + text).c_str()));
        EXPECT_EQ(PQtransactionStatus(session.get()), PQTRANS_INTRANS)
            << PQerrorMessage(session.get());
        return session;
    }
    static void release(const Session& session) { PQclear(PQexec(session.get(), "rollback")); }

    boost::asio::io_context context_;
    std::string server_url_;
    std::string schema_;
    std::string url_;
    std::unique_ptr<Pool> pool_;
};

}  // namespace postgres::testing_support
