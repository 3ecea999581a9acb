// Events of items: each one, once, in order, across everything that can go wrong.
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <services/item_event_log.hpp>

#include <postgres/listener.hpp>

#include "api_database_test.hpp"

namespace {

using app::EventPosition;
using testing::ElementsAre;

// The outer transaction takes its ids first and commits last.
base::Task<bool> insert_overtaken(postgres::Transaction& slow, postgres::Pool& quick) {
    static constexpr postgres::Statement kSlow{
        "", "insert into items (name, category, price, quantity) values ('slow', 'c', 1, 1)"};
    static constexpr postgres::Statement kQuick{
        "", "insert into items (name, category, price, quantity) values ('quick', 'c', 1, 1)"};
    co_await slow.execute(kSlow);
    co_await quick.execute(kQuick);
    co_return true;
}

class Events : public app::ApiDatabaseTest {
protected:
    void create(std::string_view name) {
        execute(
            fmt::format("insert into items (name, category, price, quantity) "
                        "values ('{}', 'c', 1, 1)",
                        name));
    }
    // Made on the thread that runs the context, as in a request.
    std::unique_ptr<app::ItemEvents::Stream> subscribe(
        std::optional<EventPosition> after = std::nullopt) {
        const auto make = [](app::ItemEvents& events, std::optional<EventPosition> place)
            -> base::Task<std::unique_ptr<app::ItemEvents::Stream>> {
            co_return events.subscribe(place);
        };
        return run(make(events(), after));
    }
    app::PositionedEvent next(app::ItemEvents::Stream& stream) {
        return run(stream.next()).value();
    }
    static base::Task<bool> wait(boost::asio::steady_timer& timer) {
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return true;
    }
    // "created a", and moves `place` behind it.
    std::string told(app::ItemEvents::Stream& stream) {
        const auto next_event = next(stream);
        place = next_event.position;
        const auto& event = next_event.event;
        return std::string(event.kind.view()) + (event.item ? " " + event.item->name.value() : "");
    }

    EventPosition place;
};

TEST_F(Events, BeginWithAResetAndTellWhatHappensFromThenOn) {
    create("before");
    const auto stream = subscribe();
    EXPECT_EQ(told(*stream), "reset");
    create("a");
    EXPECT_EQ(told(*stream), "created a");
    execute("update items set name = 'b' where name = 'a'");
    EXPECT_EQ(told(*stream), "updated b");
    execute("delete from items where name = 'b'");
    EXPECT_EQ(told(*stream), "deleted b");
}

TEST_F(Events, CarryTheWholeItem) {
    const auto stream = subscribe();
    (void)told(*stream);
    execute(
        "insert into items (name, description, category, price, quantity) "
        "values ('a', 'line\nline', 'c', 1234567890.10, 5)");
    const auto event = next(*stream).event;
    EXPECT_EQ(event.item->price->to_string(), "1234567890.10");
    EXPECT_EQ(event.item->description, "line\nline");
    EXPECT_TRUE(event.occurred_at.has_value());
    EXPECT_EQ(schema::to_json(*event.item),
              schema::to_json(run(items().find(event.item->id)).value()));
}

TEST_F(Events, GoOnWhereAClientLeftOff) {
    {
        const auto stream = subscribe();
        (void)told(*stream);
        create("a");
        EXPECT_EQ(told(*stream), "created a");
    }
    create("b");
    create("c");
    const auto stream = subscribe(place);
    EXPECT_EQ(told(*stream), "created b");
    EXPECT_EQ(told(*stream), "created c");
}

TEST_F(Events, StartAfreshForAClientWhosePlaceIsGone) {
    create("a");
    const auto stream = subscribe(EventPosition{.transaction = 1, .id = 1});
    EXPECT_EQ(told(*stream), "reset");
    create("b");
    EXPECT_EQ(told(*stream), "created b");
}

TEST_F(Events, BeginAtTheEndOfTheLogWhenTransactionIdsGetAnotherDigit) {
    create("a");
    create("b");
    execute("update item_events set transaction_id = '9' where item ->> 'name' = 'a'");
    execute("update item_events set transaction_id = '10' where item ->> 'name' = 'b'");
    const auto stream = subscribe();
    EXPECT_EQ(told(*stream), "reset");
    EXPECT_EQ(place.transaction, 10U);
    create("c");
    EXPECT_EQ(told(*stream), "created c");
}

TEST_F(Events, OfATransactionThatOthersOvertookAreNotLost) {
    const auto stream = subscribe();
    (void)told(*stream);
    boost::asio::io_context* const contexts[] = {&context()};
    postgres::Pool other({.url = url()}, contexts);
    other.start();
    const auto body = [this](postgres::Transaction& transaction) {
        return insert_overtaken(transaction, pool());
    };
    EXPECT_TRUE(run(other.transaction(body)));
    EXPECT_EQ(told(*stream), "created slow");
    EXPECT_EQ(told(*stream), "created quick");
    other.stop();
}

TEST_F(Events, AreNotLostWhenEveryConnectionBreaks) {
    const auto stream = subscribe();
    (void)told(*stream);
    boost::asio::io_context* const contexts[] = {&context()};
    postgres::Pool killer({.url = url(), .application_name = "killer"}, contexts);
    killer.start();
    const auto kill = [](postgres::Pool& database) -> base::Task<bool> {
        static constexpr postgres::Statement kKill{
            "",
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
            "where application_name <> 'killer' and datname = current_database() "
            "and pid <> pg_backend_pid()"};
        static constexpr postgres::Statement kCreate{
            "",
            "insert into items (name, category, price, quantity) "
            "values ('meanwhile', 'c', 1, 1)"};
        (void)co_await database.query_one<std::int64_t>(kKill);
        co_await database.execute(kCreate);
        co_return true;
    };
    EXPECT_TRUE(run(kill(killer)));
    EXPECT_EQ(told(*stream), "created meanwhile");
    killer.stop();
}

TEST_F(Events, ReachAClientThatIsFarBehind) {
    create("first");
    const auto quick = subscribe();
    (void)told(*quick);
    const auto slow = subscribe();
    (void)told(*slow);
    execute(
        "insert into items (name, category, price, quantity) "
        "select 'n' || n, 'c', 1, 1 from generate_series(1, 2500) as n");
    for (int i = 1; i <= 2500; ++i)
        ASSERT_EQ(told(*quick), "created n" + std::to_string(i));
    // Memory keeps the newest 1,000: the others come from the table.
    for (int i = 1; i <= 2500; ++i)
        ASSERT_EQ(told(*slow), "created n" + std::to_string(i));
}

TEST_F(Events, EndWhenTheStreamIsStopped) {
    const auto stream = subscribe();
    (void)told(*stream);
    boost::asio::post(context(), [&stream] { stream->stop(); });
    EXPECT_FALSE(run(stream->next()).has_value());
    EXPECT_FALSE(run(stream->next()).has_value());
}

TEST_F(Events, AreForgottenAfterADay) {
    create("a");
    create("b");
    execute(
        "update item_events set occurred_at = now() - interval '24 hours 1 second' "
        "where item ->> 'name' = 'a'");
    EXPECT_EQ(run(app::forget_old_events(pool(), 100)), 1);
    const auto left = run(app::read_events(pool(), {}, 10));
    ASSERT_EQ(left.size(), 1);
    EXPECT_EQ(left.front().event.item->name, "b");
}

// `a` began first and `b` wrote first, or the other way round: only the order of the log counts.
TEST_F(Events, AreForgottenInTheOrderInWhichTheyAreRead) {
    for (const auto* name : {"a", "b", "c"})
        create(name);
    const auto age = [this](std::string_view name, std::string_view interval) {
        execute(
            fmt::format("update item_events set occurred_at = now() - interval '{}' "
                        "where item ->> 'name' = '{}'",
                        interval, name));
    };
    // Who left off behind `a` is still told of all that came after it.
    age("b", "25 hours");
    EXPECT_EQ(run(app::forget_old_events(pool(), 100)), 0);
    age("a", "24 hours 1 second");
    EXPECT_EQ(run(app::forget_old_events(pool(), 1)), 1);
    auto left = run(app::read_events(pool(), {}, 10));
    ASSERT_EQ(left.size(), 2);
    EXPECT_EQ(left.front().event.item->name, "b");
    EXPECT_EQ(run(app::forget_old_events(pool(), 100)), 1);
    left = run(app::read_events(pool(), {}, 10));
    ASSERT_EQ(left.size(), 1);
    EXPECT_EQ(left.front().event.item->name, "c");
}

TEST_F(Events, AreNotForgottenBeforeTheyCouldBeRead) {
    const auto stream = subscribe();
    (void)told(*stream);
    const auto open = hold("select pg_current_xact_id()");
    create("a");
    execute("update item_events set occurred_at = now() - interval '25 hours'");
    EXPECT_EQ(run(app::forget_old_events(pool(), 100)), 0);
}

TEST_F(Events, AreNotAnnouncedByAStatementThatChangesNothing) {
    (void)events();
    postgres::Listener listener({.url = url(), .channels = {"item_events", "marker"}}, context());
    listener.start();
    EXPECT_EQ(run(listener.next())->kind, postgres::ListenerEvent::Kind::kGap);
    execute("delete from items where id = -1");
    execute("update items set quantity = 2 where id = -1");
    execute(
        "insert into items (name, category, price, quantity) select 'a', 'c', 1, 1 where false");
    execute("notify marker");
    EXPECT_EQ(run(listener.next())->channel, "marker");
    create("a");
    EXPECT_EQ(run(listener.next())->channel, "item_events");
    listener.stop();
}

// As a newer release may write them: its migration is there before it is.
TEST_F(Events, OfAKindThatThisReleaseDoesNotKnowAreResets) {
    const auto stream = subscribe();
    (void)told(*stream);
    create("a");
    EXPECT_EQ(told(*stream), "created a");
    const auto before = place;
    execute("alter table item_events drop constraint item_events_kind_check");
    execute(
        "insert into item_events (kind, item_id, item) "
        "select 'archived', id, to_jsonb(items) from items");
    create("b");
    EXPECT_EQ(told(*stream), "reset");
    EXPECT_EQ(told(*stream), "created b");
    const auto again = subscribe(before);
    EXPECT_EQ(told(*again), "reset");
    EXPECT_EQ(told(*again), "created b");
}

TEST_F(Events, GoOnAfterTheSchemaDidNotFit) {
    const auto stream = subscribe();
    (void)told(*stream);
    execute("alter table items rename column description to details");
    create("a");
    // It looks, and looks again.
    boost::asio::steady_timer timer(context(), std::chrono::milliseconds(1200));
    run(wait(timer));
    execute("alter table items rename column details to description");
    EXPECT_EQ(told(*stream), "created a");
}

class EventsOfAnUnmigratedDatabase : public Events {
protected:
    EventsOfAnUnmigratedDatabase() { migrated_ = false; }

    // Lets the streams look twice: there is no log.
    void look() {
        boost::asio::steady_timer timer(context(), std::chrono::milliseconds(1200));
        run(wait(timer));
    }
    void migrate() { postgres::migrate(url(), postgres::Migrations::load(migrations_dir())); }
};

TEST_F(EventsOfAnUnmigratedDatabase, BeginOnceItIsMigrated) {
    std::vector<std::string> lines;
    telemetry::log::configure({.service = "api",
                               .level = telemetry::log::Level::kError,
                               .sink = [&](std::string_view line) { lines.emplace_back(line); }});
    const auto stream = subscribe();
    look();
    telemetry::log::flush();
    telemetry::log::configure({.service = "api", .level = telemetry::log::Level::kError});
    EXPECT_THAT(lines, ElementsAre(testing::HasSubstr("item_events")));  // once, not once a second
    migrate();
    EXPECT_EQ(told(*stream), "reset");
    create("a");
    EXPECT_EQ(told(*stream), "created a");
}

TEST_F(EventsOfAnUnmigratedDatabase, BeginForAClientThatResumes) {
    const auto stream = subscribe(EventPosition{.transaction = 1, .id = 1});
    std::optional<app::PositionedEvent> first;
    boost::asio::co_spawn(
        context(), stream->next(),
        [&](const std::exception_ptr& failure, std::optional<app::PositionedEvent> event) {
            EXPECT_FALSE(failure);
            first = event.value_or(app::PositionedEvent());
        });
    look();
    ASSERT_FALSE(first);
    migrate();
    while (!first)
        context().run_one();
    EXPECT_EQ(first->event.kind.view(), "reset");
}

}  // namespace
