// Whether the API says that it is ready exactly when its database and schema are.
#include <database.hpp>

#include <gmock/gmock.h>

#include <runtime/readiness.hpp>

#include "api_database_test.hpp"

namespace {

class ReadinessWithDatabase : public app::ApiDatabaseTest {
protected:
    ReadinessWithDatabase() { migrated_ = false; }

    static base::Task<bool> ready(postgres::Pool& pool) {
        co_await pool.ready(std::chrono::seconds(10));
        co_return true;
    }
    app::Config config() {
        app::Config result;
        result.database_url = url();
        result.migrations_dir = migrations_dir();
        return result;
    }
};

TEST_F(ReadinessWithDatabase, FollowsTheSchemaAndReportsMetrics) {
    telemetry::Registry registry;
    boost::asio::io_context* const contexts[] = {&context()};
    app::Database database(config(), contexts, registry);
    database.pool().start();
    runtime::Readiness readiness({.cache = std::chrono::milliseconds(0)});
    database.add_check_to(readiness);

    auto report = run(readiness.evaluate());
    EXPECT_FALSE(report.ready);
    EXPECT_EQ(report.checks.at(0).second, "schema is not current: run `api migrate`");

    EXPECT_EQ(app::migrate(config()), 0);
    report = run(readiness.evaluate());
    EXPECT_TRUE(report.ready) << report.checks.at(0).second;

    run(ready(database.pool()));
    const auto metrics = registry.render();
    EXPECT_THAT(metrics, testing::HasSubstr("db_pool_connections{state=\"connected\"} 2"));
    EXPECT_THAT(metrics, testing::HasSubstr("db_queue_depth 0"));
    EXPECT_THAT(metrics, testing::HasSubstr("db_queue_utilisation_ratio 0"));
    EXPECT_THAT(metrics, testing::HasSubstr("db_transactions_waiting 0"));
    EXPECT_THAT(metrics, testing::HasSubstr("db_query_duration_seconds_count"));
    database.pool().stop();
}

}  // namespace
