// Changes of a log: each one, once, in order, across everything that can go wrong.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>

#include <base/sleep.hpp>
#include <database/change_feed.hpp>

#include "support.hpp"

namespace {

using namespace std::chrono_literals;
using database::LogPosition;
using testing::ElementsAre;

struct Thing {
    std::int64_t id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, name))

struct ThingLog {
    using Record = Thing;
    static constexpr base::FixedString kTable{"thing_changes"};
    static constexpr base::FixedString kRecord{"thing"};
    static constexpr base::FixedString kRecords{"things"};
};
using Feed = database::ChangeFeed<ThingLog>;

// As README.md has it, for three kinds of change.
constexpr auto kMigration = R"(
create table things (id bigint generated always as identity primary key, name text not null);
create table thing_changes (
    transaction_id xid8 not null default pg_current_xact_id(),
    id bigint generated always as identity,
    kind text not null,
    thing jsonb not null,
    occurred_at timestamptz not null default now(),
    primary key (transaction_id, id)
);
create function log_things() returns trigger language plpgsql as $$
begin
    insert into thing_changes (kind, thing) select lower(tg_op), to_jsonb(changed) from changed order by id;
    perform pg_notify('thing_changes', '');
    return null;
end
$$;
create trigger log_insert after insert on things
    referencing new table as changed for each statement execute function log_things();
create trigger log_update after update on things
    referencing new table as changed for each statement execute function log_things();
create trigger log_delete after delete on things
    referencing old table as changed for each statement execute function log_things();
)";

// The outer transaction takes its ids first and commits last.
base::Task<> insert_overtaken(postgres::Transaction& slow, postgres::Pool& quick) {
    static constexpr postgres::Statement kSlow{"", "insert into things (name) values ('slow')"};
    static constexpr postgres::Statement kQuick{"", "insert into things (name) values ('quick')"};
    co_await slow.execute(kSlow);
    co_await quick.execute(kQuick);
}

class Changes : public database::testing_support::DatabaseTest {
protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        migrate();
    }
    void TearDown() override {
        if (feed_) feed_->stop();
        DatabaseTest::TearDown();
    }
    void migrate() const { schema_.execute(kMigration); }
    void create(std::string_view name) const {
        schema_.execute(fmt::format("insert into things (name) values ('{}')", name));
    }
    // Made on the thread that runs the context, as in a request.
    std::unique_ptr<Feed::Stream> subscribe(std::optional<LogPosition> after = std::nullopt) {
        if (!feed_) {
            feed_.emplace(pool_, contexts_, "feed");
            feed_->start();
        }
        const auto make = [](Feed& feed, std::optional<LogPosition> position)
            -> base::Task<std::unique_ptr<Feed::Stream>> { co_return feed.subscribe(position); };
        return run(make(*feed_, after));
    }
    // "insert a", and moves `place` behind it.
    std::string told(Feed::Stream& stream) {
        const auto next = run(stream.next()).value();
        place = next.position;
        return next.change ? next.change->kind + " " + next.change->record.name : "reset";
    }
    // Lets the streams look twice.
    void look() { run(base::sleep_for(1200ms)); }

    LogPosition place;

private:
    std::optional<Feed> feed_;
};

TEST_F(Changes, BeginWithAResetAndTellWhatHappensFromThenOn) {
    create("before");
    const auto stream = subscribe();
    EXPECT_EQ(told(*stream), "reset");
    create("a");
    EXPECT_EQ(told(*stream), "insert a");
    schema_.execute("update things set name = 'b' where name = 'a'");
    EXPECT_EQ(told(*stream), "update b");
    schema_.execute("delete from things where name = 'b'");
    EXPECT_EQ(told(*stream), "delete b");
}

TEST_F(Changes, GoOnWhereAClientLeftOff) {
    {
        const auto stream = subscribe();
        (void)told(*stream);
        create("a");
        EXPECT_EQ(told(*stream), "insert a");
    }
    create("b");
    create("c");
    const auto stream = subscribe(place);
    EXPECT_EQ(told(*stream), "insert b");
    EXPECT_EQ(told(*stream), "insert c");
}

TEST_F(Changes, StartAfreshForAClientWhosePlaceIsGone) {
    create("a");
    const auto stream = subscribe(LogPosition{.transaction = 1, .id = 1});
    EXPECT_EQ(told(*stream), "reset");
    create("b");
    EXPECT_EQ(told(*stream), "insert b");
}

TEST_F(Changes, BeginAtTheEndOfTheLogWhenTransactionIdsGetAnotherDigit) {
    create("a");
    create("b");
    schema_.execute("update thing_changes set transaction_id = '9' where thing ->> 'name' = 'a'");
    schema_.execute("update thing_changes set transaction_id = '10' where thing ->> 'name' = 'b'");
    const auto stream = subscribe();
    EXPECT_EQ(told(*stream), "reset");
    EXPECT_EQ(place.transaction, 10U);
    create("c");
    EXPECT_EQ(told(*stream), "insert c");
}

TEST_F(Changes, OfATransactionThatOthersOvertookAreNotLost) {
    const auto stream = subscribe();
    (void)told(*stream);
    postgres::Pool other({.url = schema_.url()}, contexts_);
    other.start();
    const auto body = [this](postgres::Transaction& transaction) {
        return insert_overtaken(transaction, pool_);
    };
    run(other.transaction(body));
    EXPECT_EQ(told(*stream), "insert slow");
    EXPECT_EQ(told(*stream), "insert quick");
    other.stop();
}

TEST_F(Changes, AreNotLostWhenEveryConnectionBreaks) {
    const auto stream = subscribe();
    (void)told(*stream);
    // By a connection that is not one of them.
    schema_.execute(
        "select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()");
    create("meanwhile");
    EXPECT_EQ(told(*stream), "insert meanwhile");
}

TEST_F(Changes, ReachAClientThatIsFarBehind) {
    create("first");
    const auto quick = subscribe();
    (void)told(*quick);
    const auto slow = subscribe();
    (void)told(*slow);
    schema_.execute(
        "insert into things (name) "
        "select 'n' || n from generate_series(1, 2500) as n");
    for (int i = 1; i <= 2500; ++i)
        ASSERT_EQ(told(*quick), "insert n" + std::to_string(i));
    // Memory keeps the newest 1,000: the others come from the table.
    for (int i = 1; i <= 2500; ++i)
        ASSERT_EQ(told(*slow), "insert n" + std::to_string(i));
}

TEST_F(Changes, EndWhenTheStreamIsStopped) {
    const auto stream = subscribe();
    (void)told(*stream);
    boost::asio::post(context_, [&stream] { stream->stop(); });
    EXPECT_FALSE(run(stream->next()).has_value());
    EXPECT_FALSE(run(stream->next()).has_value());
}

TEST_F(Changes, AreForgottenAfterADay) {
    create("a");
    create("b");
    schema_.execute(
        "update thing_changes set occurred_at = now() - interval '24 hours 1 second' "
        "where thing ->> 'name' = 'a'");
    EXPECT_EQ(run(database::forget_old_changes<ThingLog>(pool_, 100)), 1);
    const auto left = run(database::read_changes<ThingLog>(pool_, {}, 10));
    ASSERT_EQ(left.size(), 1);
    EXPECT_EQ(left.front().record.name, "b");
}

// `a` began first and `b` wrote first, or the other way round: only the order of the log counts.
TEST_F(Changes, AreForgottenInTheOrderInWhichTheyAreRead) {
    for (const auto* name : {"a", "b", "c"})
        create(name);
    const auto age = [this](std::string_view name, std::string_view interval) {
        schema_.execute(
            fmt::format("update thing_changes set occurred_at = now() - interval '{}' "
                        "where thing ->> 'name' = '{}'",
                        interval, name));
    };
    // Who left off behind `a` is still told of all that came after it.
    age("b", "25 hours");
    EXPECT_EQ(run(database::forget_old_changes<ThingLog>(pool_, 100)), 0);
    age("a", "24 hours 1 second");
    EXPECT_EQ(run(database::forget_old_changes<ThingLog>(pool_, 1)), 1);
    auto left = run(database::read_changes<ThingLog>(pool_, {}, 10));
    ASSERT_EQ(left.size(), 2);
    EXPECT_EQ(left.front().record.name, "b");
    EXPECT_EQ(run(database::forget_old_changes<ThingLog>(pool_, 100)), 1);
    left = run(database::read_changes<ThingLog>(pool_, {}, 10));
    ASSERT_EQ(left.size(), 1);
    EXPECT_EQ(left.front().record.name, "c");
}

TEST_F(Changes, AreNotForgottenBeforeTheyCouldBeRead) {
    const auto stream = subscribe();
    (void)told(*stream);
    const auto open = schema_.hold("select pg_current_xact_id()");
    create("a");
    schema_.execute("update thing_changes set occurred_at = now() - interval '25 hours'");
    EXPECT_EQ(run(database::forget_old_changes<ThingLog>(pool_, 100)), 0);
}

TEST_F(Changes, GoOnAfterTheSchemaDidNotFit) {
    const auto stream = subscribe();
    (void)told(*stream);
    schema_.execute("alter table things rename column name to title");
    schema_.execute("insert into things (title) values ('a')");
    look();
    schema_.execute("alter table things rename column title to name");
    EXPECT_EQ(told(*stream), "insert a");
}

class ChangesOfAnUnmigratedDatabase : public Changes {
protected:
    void SetUp() override { DatabaseTest::SetUp(); }
};

TEST_F(ChangesOfAnUnmigratedDatabase, BeginOnceItIsMigrated) {
    std::vector<std::string> lines;
    telemetry::log::configure({.service = "things",
                               .level = telemetry::log::Level::kError,
                               .sink = [&](std::string_view line) { lines.emplace_back(line); }});
    const auto stream = subscribe();
    look();
    telemetry::log::flush();
    telemetry::log::configure({.service = "things", .sink = [](std::string_view) {}});
    EXPECT_THAT(lines,
                ElementsAre(testing::HasSubstr("thing_changes")));  // once, not once a second
    migrate();
    EXPECT_EQ(told(*stream), "reset");
    create("a");
    EXPECT_EQ(told(*stream), "insert a");
}

TEST_F(ChangesOfAnUnmigratedDatabase, BeginForAClientThatResumes) {
    const auto stream = subscribe(LogPosition{.transaction = 1, .id = 1});
    std::optional<Feed::Stream::Next> first;
    boost::asio::co_spawn(
        context_, stream->next(),
        [&](const std::exception_ptr& failure, std::optional<Feed::Stream::Next> next) {
            EXPECT_FALSE(failure);
            first = std::move(next);
        });
    look();
    ASSERT_FALSE(first);
    migrate();
    while (!first)
        context_.run_one();
    EXPECT_FALSE(first->change);  // a reset
}

}  // namespace
