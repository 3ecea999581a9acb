// Migrations against a real database.
#include <thread>

#include <test_support/eventually.hpp>

#include <postgres/migrations.hpp>

#include "support.hpp"

namespace {

using namespace postgres;
using namespace std::chrono_literals;

Migration migration(int version, std::string name, std::string sql) {
    return {.version = version, .name = std::move(name), .sql = std::move(sql), .checksum = {}};
}

const Migration kCreate =
    migration(1, "create", "create table items (id int); insert into items values (1);");
const Migration kAlter = migration(2, "alter", "alter table items add name text");

class Migrate : public testing_support::DatabaseTest {};

TEST_F(Migrate, AppliesEachOnceInOrder) {
    std::vector<std::string> applied;
    const MigrateOptions options{
        .on_applied = [&](const Migration& each, auto) { applied.push_back(each.name); }};
    EXPECT_EQ(migrate(url(), Migrations({kCreate}), options), 1);
    EXPECT_EQ(migrate(url(), Migrations({kCreate, kAlter}), options), 1);
    EXPECT_EQ(migrate(url(), Migrations({kCreate, kAlter}), options), 0);
    EXPECT_EQ(applied, (std::vector<std::string>{"create", "alter"}));
    EXPECT_EQ(sql("select string_agg(version || ' ' || name, ', ' order by version)"
                  " from schema_migrations where applied_at <= now()"),
              "1 create, 2 alter");
}

TEST_F(Migrate, RunsOnceWhenTwoStartTogether) {
    const Migrations migrations({migration(1, "slow", "create table t (); select pg_sleep(0.3)"),
                                 migration(2, "next", "create table u ()")});
    std::atomic<int> applied = 0;
    std::vector<std::thread> migrators;
    for (int i = 0; i < 3; ++i) {
        migrators.emplace_back([&] { applied += migrate(url(), migrations); });
    }
    for (std::thread& migrator : migrators)
        migrator.join();
    EXPECT_EQ(applied, 2);
}

TEST_F(Migrate, WaitsForAnotherOnlySoLong) {
    sql("create table gate ()");
    auto gate = schema_.hold("lock table gate");
    std::thread slow([&] {
        migrate(url(), Migrations({migration(1, "slow", "lock table gate")}),
                {.table_lock_wait = 1min});
    });
    EXPECT_TRUE(test_support::eventually([&] {
        return sql("select count(*) from pg_locks"
                   " where relation = 'gate'::regclass and not granted") == "1";
    }));
    EXPECT_THROW(migrate(url(), Migrations({kCreate}), {.lock_wait = 200ms}), base::Unavailable);
    gate.release();
    slow.join();
}

TEST_F(Migrate, RefusesAFileThatChangedAfterItWasApplied) {
    migrate(url(), Migrations({kCreate}));
    const Migrations changed({migration(1, "create", kCreate.sql + " -- harmless"), kAlter});
    EXPECT_THROW(migrate(url(), changed), base::ConfigError);
    EXPECT_EQ(sql("select count(*) from schema_migrations"), "1");
}

TEST_F(Migrate, LeavesNothingOfAFileThatFails) {
    const Migrations broken(
        {kCreate, migration(2, "broken", "create table t (); insert into nowhere values (1)")});
    try {
        migrate(url(), broken);
        FAIL() << "applied";
    } catch (const QueryError& error) {
        EXPECT_EQ(error.sqlstate(), "42P01");
        EXPECT_EQ(std::string(error.what()).rfind("migration 0002_broken: ", 0), 0);
    }
    EXPECT_EQ(sql("select to_regclass('t') is null and to_regclass('items') is not null"), "t");
    EXPECT_EQ(sql("select max(version) from schema_migrations"), "1");
}

TEST_F(Migrate, RefusesAFileThatEndsItsTransaction) {
    const Migrations migrations({migration(1, "commits", "create table t (); commit")});
    EXPECT_THROW(migrate(url(), migrations), QueryError);
}

TEST_F(Migrate, AcceptsADatabaseThatIsAhead) {
    migrate(url(), Migrations({kCreate, kAlter}));
    EXPECT_EQ(migrate(url(), Migrations({kCreate})), 0);
}

// Leaves out what `kCreate` made.
const Migration kContract =
    migration(3, "contract", "-- requires-code: 0002\nalter table items drop column id");

TEST_F(Migrate, RefusesToServeAProgramThatIsTooOldForTheDatabase) {
    migrate(url(), Migrations({kCreate, kAlter, kContract}));
    EXPECT_EQ(migrate(url(), Migrations({kCreate, kAlter})), 0);
    EXPECT_THROW(migrate(url(), Migrations({kCreate})), base::ConfigError);
    Pool& pool = open();
    run([&]() -> base::Task<> {
        EXPECT_EQ(co_await check_schema(pool, Migrations({kCreate, kAlter})), SchemaState::kUsable);
        EXPECT_EQ(co_await check_schema(pool, Migrations({kCreate})), SchemaState::kTooNew);
    });
}

TEST_F(Migrate, CompletesATableFromBeforeRequiresCode) {
    sql("create table schema_migrations (version int primary key, name text not null,"
        " checksum text not null, applied_at timestamptz not null default now())");
    const Migrations one({kCreate});
    EXPECT_EQ(migration_status(url(), one).at(0).state, MigrationStatus::State::kPending);
    Pool& pool = open();
    run([&]() -> base::Task<> {
        EXPECT_EQ(co_await check_schema(pool, one), SchemaState::kBehind);
        EXPECT_EQ(migrate(url(), one), 1);
        EXPECT_EQ(co_await check_schema(pool, one), SchemaState::kUsable);
    });
}

// Readiness probes read the table all the time, and must not queue behind a migrator that waits.
TEST_F(Migrate, LocksNothingWhenThereIsNothingToDo) {
    const Migrations both({kCreate, kAlter});
    migrate(url(), both);
    const auto reader = schema_.hold("select * from schema_migrations");
    EXPECT_EQ(migrate(url(), both, {.table_lock_wait = 200ms}), 0);
}

TEST_F(Migrate, ReportsTheStatusWithoutChangingAnything) {
    using State = MigrationStatus::State;
    const auto states = [&](const Migrations& migrations) {
        std::vector<State> all;
        for (const MigrationStatus& each : migration_status(url(), migrations)) {
            EXPECT_EQ(each.applied_at.has_value(), each.state != State::kPending);
            all.push_back(each.state);
        }
        return all;
    };
    const Migrations both({kCreate, kAlter});
    EXPECT_EQ(states(both), (std::vector{State::kPending, State::kPending}));
    EXPECT_EQ(sql("select to_regclass('schema_migrations') is null"), "t");
    migrate(url(), Migrations({kCreate}));
    EXPECT_EQ(states(both), (std::vector{State::kApplied, State::kPending}));
    migrate(url(), both);
    EXPECT_EQ(states(Migrations({migration(1, "create", "something else")})),
              (std::vector{State::kChecksumDiffers, State::kMissingFile}));
    EXPECT_EQ(migration_status(url(), Migrations({kCreate})).at(1).name, "alter");
}

TEST_F(Migrate, TellsTheReadinessProbeWhetherTheSchemaIsCurrent) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        const Migrations both({kCreate, kAlter});
        EXPECT_EQ(co_await check_schema(pool, both), SchemaState::kBehind);
        migrate(url(), Migrations({kCreate}));
        EXPECT_EQ(co_await check_schema(pool, both), SchemaState::kBehind);
        migrate(url(), both);
        EXPECT_EQ(co_await check_schema(pool, both), SchemaState::kUsable);
        EXPECT_EQ(co_await check_schema(pool, Migrations({kCreate})), SchemaState::kUsable);
        const Migrations other({migration(1, "create", "something else")});
        EXPECT_EQ(co_await check_schema(pool, other), SchemaState::kBehind);
    });
}

TEST_F(Migrate, GivesUpOnADatabaseThatDoesNotStart) {
    EXPECT_THROW(migrate("postgresql://nobody@127.0.0.1:9/nothing", Migrations({kCreate}),
                         {.database_wait = 300ms}),
                 base::Unavailable);
}

TEST_F(Migrate, DoesNotWaitForADatabaseThatDoesNotExist) {
    const auto started = std::chrono::steady_clock::now();
    try {
        migrate(url() + "&dbname=no_such_database", Migrations({kCreate}), {.database_wait = 60s});
        FAIL() << "applied";
    } catch (const base::Unavailable& error) {
        EXPECT_NE(std::string(error.what()).find("no_such_database"), std::string::npos);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - started, 30s);
}

}  // namespace
