// What the tests against a real PostgreSQL share.
#pragma once

#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <test_support/database_schema.hpp>
#include <test_support/run.hpp>

#include <postgres/pool.hpp>
#include <telemetry/log.hpp>

namespace database::testing_support {

class DatabaseTest : public testing::Test {
protected:
    void SetUp() override {
        telemetry::log::configure({.service = "things", .sink = [](std::string_view) {}});
        pool_.start();
    }
    void TearDown() override {
        pool_.stop();
        context_.restart();
        context_.run();  // closes the connections
    }

    /// Runs a coroutine to its end and yields what it yields.
    template <class T>
    T run(base::Task<T> task) {
        return test_support::run(context_, std::move(task));
    }

    test_support::DatabaseSchema schema_;
    boost::asio::io_context context_{1};
    boost::asio::io_context* const contexts_[1]{&context_};
    postgres::Pool pool_{{.url = schema_.url()}, contexts_};
};

}  // namespace database::testing_support
