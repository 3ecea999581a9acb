// Whether a service says that it is ready exactly when its database and schema are.

#include <gmock/gmock.h>
#include <test_support/temporary_directory.hpp>

#include <database/database.hpp>
#include <database/migrate.hpp>
#include <runtime/readiness.hpp>

#include "support.hpp"

namespace {

using testing::HasSubstr;

class Database : public database::testing_support::DatabaseTest {
protected:
    Database() { migrations_.write("0001_create_things.sql", "create table things (id int);\n"); }

    [[nodiscard]] database::Config config() const {
        return {.name = "things-api", .url = schema_.url(), .migrations_dir = migrations_.path()};
    }

    test_support::TemporaryDirectory migrations_;
};

base::Task<bool> ready(postgres::Pool& pool) {
    co_await pool.ready(std::chrono::seconds(10));
    co_return true;
}

TEST_F(Database, IsReadyWithTheSchemaAndReportsMetrics) {
    telemetry::Registry registry;
    database::Database database(config(), contexts_, registry);
    database.pool().start();
    runtime::Readiness readiness({.cache = std::chrono::milliseconds(0)});
    database.add_check_to(readiness);

    auto report = run(readiness.evaluate());
    EXPECT_FALSE(report.ready);
    EXPECT_EQ(report.checks.at(0).second, "schema is not current: run `things-api migrate`");

    EXPECT_EQ(database::migrate(config()), 0);
    report = run(readiness.evaluate());
    EXPECT_TRUE(report.ready) << report.checks.at(0).second;

    run(ready(database.pool()));
    const auto metrics = registry.render();
    EXPECT_THAT(metrics, HasSubstr("db_pool_connections{state=\"connected\"} 2"));
    EXPECT_THAT(metrics, HasSubstr("db_queue_depth 0"));
    EXPECT_THAT(metrics, HasSubstr("db_queue_utilisation_ratio 0"));
    EXPECT_THAT(metrics, HasSubstr("db_transactions_waiting 0"));
    EXPECT_THAT(metrics, HasSubstr("db_query_duration_seconds_count"));
    database.pool().stop();
}

TEST_F(Database, ListsItsMigrationsAndWhetherTheyAreApplied) {
    auto status = database::migration_status(config());
    EXPECT_FALSE(status.current);
    EXPECT_THAT(status.text, testing::MatchesRegex("0001  pending +-  +create_things\n"));
    EXPECT_EQ(database::migrate(config()), 0);
    status = database::migration_status(config());
    EXPECT_TRUE(status.current);
    EXPECT_THAT(status.text, testing::MatchesRegex("0001  applied +20.*Z  create_things\n"));

    migrations_.write("0001_create_things.sql", "create table things (id int);\n-- changed\n");
    status = database::migration_status(config());
    EXPECT_FALSE(status.current);
    EXPECT_THAT(status.text, testing::StartsWith("0001  checksum differs"));
}

}  // namespace
