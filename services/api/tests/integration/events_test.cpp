// Events of items as a client gets them. That none is lost is tested with database::ChangeFeed.
#include <gmock/gmock.h>

#include <postgres/listener.hpp>

#include "api_database_test.hpp"

namespace {

using testing::HasSubstr, testing::Optional;

class Events : public app::ApiDatabaseTest {
protected:
    void create(std::string_view name) const {
        execute(
            fmt::format("insert into items (name, description, category, price, quantity) "
                        "values ('{}', E'line\\nline', 'c', 1234567890.10, 5)",
                        name));
    }
    // A client that has its reset, and so is told of every change from then on.
    web::TestClient::Open open(web::Headers headers = {}) {
        auto stream = client().open({.target = "/v1/items/events", .headers = std::move(headers)});
        EXPECT_THAT(stream.next(), Optional(HasSubstr("event: reset\n")));
        return stream;
    }
    [[nodiscard]] web::TestClient client() { return {application(), context()}; }
};

TEST_F(Events, CarryTheWholeItem) {
    auto stream = open();
    create("a");
    const auto event = stream.next().value();
    const auto item = client().get("/v1/items/1").body;
    EXPECT_THAT(event, HasSubstr("event: created\n"));
    EXPECT_THAT(event, HasSubstr("\"item\":" + item)) << item;
    execute("update items set quantity = 6");
    EXPECT_THAT(stream.next(), Optional(HasSubstr("event: updated\n")));
    execute("delete from items");
    EXPECT_THAT(stream.next(), Optional(HasSubstr("event: deleted\n")));
}

// As a newer release may write them: its migration is there before it is.
TEST_F(Events, OfAKindThatThisReleaseDoesNotKnowAreResets) {
    auto stream = open();
    create("a");
    EXPECT_THAT(stream.next(), Optional(HasSubstr("event: created\n")));
    execute("alter table item_events drop constraint item_events_kind_check");
    execute(
        "insert into item_events (kind, item_id, item) "
        "select 'archived', id, to_jsonb(items) from items");
    EXPECT_THAT(stream.next(), Optional(HasSubstr("event: reset\n")));
    create("b");
    EXPECT_THAT(stream.next(), Optional(HasSubstr("event: created\n")));
}

TEST_F(Events, AreNotAnnouncedByAStatementThatChangesNothing) {
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

}  // namespace
