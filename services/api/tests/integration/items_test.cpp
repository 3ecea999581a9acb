// Items from the request to the row and back.
#include <set>

#include <gmock/gmock.h>

#include "api_database_test.hpp"

namespace {

using boost::json::object;
using boost::json::value_to;
using testing::ElementsAre;

class ItemsInPostgres : public app::ApiDatabaseTest {
protected:
    void SetUp() override {
        ApiDatabaseTest::SetUp();
        client_ = std::make_unique<web::TestClient>(application(), context());
    }

    web::TestClient& client() { return *client_; }

    static object item(std::string_view name, double price = 1, std::string_view category = "c",
                       std::int64_t quantity = 1) {
        return {{"name", name}, {"price", price}, {"category", category}, {"quantity", quantity}};
    }
    void add(const object& body) {
        const auto reply = client().post("/v1/items", body);
        ASSERT_EQ(reply.status, 201) << reply.body;
    }
    std::vector<std::string> names(const std::string& query) {
        const auto reply = client().get("/v1/items?" + query);
        EXPECT_EQ(reply.status, 200) << reply.body;
        std::vector<std::string> result;
        const auto page = reply.json();
        for (const auto& entry : page.at("items").as_array()) {
            result.push_back(value_to<std::string>(entry.at("name")));
        }
        return result;
    }
    // Walks all pages of an order.
    std::vector<std::int64_t> all_ids(const std::string& query) {
        std::vector<std::int64_t> result;
        std::string cursor;
        for (int page = 0; page < 100; ++page) {
            const auto reply =
                client().get("/v1/items?" + query + (cursor.empty() ? "" : "&cursor=" + cursor));
            EXPECT_EQ(reply.status, 200) << reply.body;
            const auto json = reply.json();
            for (const auto& entry : json.at("items").as_array()) {
                result.push_back(entry.at("id").as_int64());
            }
            if (json.at("next_cursor").is_null()) return result;
            cursor = value_to<std::string>(json.at("next_cursor"));
        }
        ADD_FAILURE() << "the pages do not end";
        return result;
    }

private:
    std::unique_ptr<web::TestClient> client_;
};

TEST_F(ItemsInPostgres, SurviveTheRoundTripExactly) {
    const auto created = client().post("/v1/items", {{"name", "  Lámpara \"10%\"  "},
                                                     {"description", "línea 1\nlínea 2"},
                                                     {"category", "hogar"},
                                                     {"price", 9999999999.99},
                                                     {"quantity", 2147483647}});
    ASSERT_EQ(created.status, 201) << created.body;
    const auto read = client().get(created.header("Location"));
    EXPECT_EQ(read.body, created.body);
    EXPECT_EQ(read.json().at("name"), "Lámpara \"10%\"");
    EXPECT_THAT(read.body, testing::HasSubstr("\"price\":9999999999.99,"));
    EXPECT_EQ(read.header("ETag"), created.header("ETag"));
}

TEST_F(ItemsInPostgres, AreReplacedAndDescribedAnew) {
    auto body = item("a");
    body["description"] = "old";
    add(body);
    const auto replaced = client().put("/v1/items/1", item("b", 2.5));
    EXPECT_EQ(replaced.status, 200) << replaced.body;
    EXPECT_EQ(replaced.json().at("description"), nullptr);
    EXPECT_NE(replaced.json().at("updated_at"), replaced.json().at("created_at"));
    EXPECT_EQ(client().put("/v1/items/99", item("b")).status, 404);
}

TEST_F(ItemsInPostgres, ArePatchedMemberByMember) {
    auto body = item("a", 1.25, "c", 4);
    body["description"] = "text";
    add(body);
    const auto patch = [this](const object& change) {
        const auto reply = client().patch("/v1/items/1", change);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return reply;
    };
    EXPECT_EQ(patch({{"price", 2}}).json().at("description"), "text");
    EXPECT_EQ(patch({{"description", nullptr}}).json().at("description"), nullptr);
    const auto result = patch({{"name", "b"}, {"quantity", 0}, {"description", "again"}}).json();
    EXPECT_EQ(result.at("name"), "b");
    EXPECT_EQ(result.at("quantity"), 0);
    EXPECT_EQ(result.at("category"), "c");
    EXPECT_EQ(result.at("description"), "again");
}

TEST_F(ItemsInPostgres, StayAsTheyAreUnderAnEmptyPatch) {
    add(item("a"));
    const auto before = client().get("/v1/items/1");
    EXPECT_EQ(client().patch("/v1/items/1", object()).body, before.body);
    EXPECT_EQ(client().patch("/v1/items/1", object(), {{"If-Match", "\"1\""}}).status, 412);
    EXPECT_EQ(client().patch("/v1/items/2", object()).status, 404);
}

TEST_F(ItemsInPostgres, RefuseALostUpdate) {
    add(item("a"));
    const auto etag = client().get("/v1/items/1").header("ETag");
    EXPECT_EQ(client().patch("/v1/items/1", {{"price", 2}}, {{"If-Match", etag}}).status, 200);
    EXPECT_EQ(client().patch("/v1/items/1", {{"price", 3}}, {{"If-Match", etag}}).status, 412);
    EXPECT_EQ(client().put("/v1/items/1", item("b"), {{"If-Match", etag}}).status, 412);
    EXPECT_EQ(client().del("/v1/items/1", {{"If-Match", etag}}).status, 412);
    const auto current = client().get("/v1/items/1").header("ETag");
    EXPECT_EQ(client().del("/v1/items/1", {{"If-None-Match", current}}).status, 412);
    EXPECT_EQ(client().put("/v1/items/1", item("b"), {{"If-None-Match", "*"}}).status, 412);
    EXPECT_EQ(client().del("/v1/items/1", {{"If-Match", "\"1\", " + current}}).status, 204);
    EXPECT_EQ(client().del("/v1/items/1").status, 404);
}

TEST_F(ItemsInPostgres, ArePagedInEveryOrderWithoutGapOrRepetition) {
    // Equal values in every column, so that the id has to break ties.
    for (int i = 0; i < 23; ++i) {
        add(item("n" + std::to_string(i % 2), (i % 3) + 0.5, "c", i % 2));
    }
    execute("update items set created_at = '2026-01-01'");
    // Neither the indexes nor the place of the rows put ties into the order of their ids by chance.
    execute("update items set description = 'moved' where id % 3 = 0");
    execute(
        "drop index items_by_name, items_by_price, items_by_quantity, items_by_created_at,"
        " items_by_category");
    for (const auto sort : app::ItemSort::words) {
        const auto ids = all_ids("limit=4&sort=" + std::string(sort));
        EXPECT_EQ(ids.size(), 23U) << sort;
        EXPECT_EQ(std::set<std::int64_t>(ids.begin(), ids.end()).size(), 23U) << sort;
        EXPECT_EQ(ids, all_ids("limit=100&sort=" + std::string(sort))) << sort;
    }
}

TEST_F(ItemsInPostgres, AreSortedByPrice) {
    add(item("b", 2));
    add(item("a", 10));
    add(item("c", 1.5));
    EXPECT_THAT(names("sort=price"), ElementsAre("c", "b", "a"));
    EXPECT_THAT(names("sort=-price&limit=2"), ElementsAre("a", "b"));
}

TEST_F(ItemsInPostgres, AreFilteredLiterally) {
    add(item("100% cotton", 5, "x"));
    add(item("1000 pieces", 7, "x"));
    auto described = item("plain", 9, "y");
    described["description"] = "Árbol_50%";
    add(described);
    EXPECT_THAT(names("q=0%25"), ElementsAre("100% cotton", "plain"));
    EXPECT_THAT(names("q=COTTON"), ElementsAre("100% cotton"));
    EXPECT_THAT(names("q=l_5"), ElementsAre("plain"));
    EXPECT_THAT(names("category=x&min_price=6"), ElementsAre("1000 pieces"));
    EXPECT_THAT(names("min_price=5&max_price=7&sort=-id"),
                ElementsAre("1000 pieces", "100% cotton"));
    EXPECT_THAT(names("category=none"), ElementsAre());
}

TEST_F(ItemsInPostgres, AreSearchedAndCountedOnAConnectionOfTheirOwn) {
    const auto transactions_opened = [this] { return pool().stats().transactions_idle; };
    ASSERT_EQ(client().get("/v1/items?category=c&sort=-price").status, 200);
    EXPECT_EQ(transactions_opened(), 0U);  // an indexed list: on the shared connection
    ASSERT_EQ(client().get("/v1/items?q=a").status, 200);
    EXPECT_EQ(transactions_opened(), 1U);
    ASSERT_EQ(client().get("/v1/items?include_total=true").status, 200);
    EXPECT_EQ(transactions_opened(), 1U);
}

TEST_F(ItemsInPostgres, AreCountedOnRequest) {
    for (int i = 0; i < 3; ++i)
        add(item("a", i));
    const auto page = client().get("/v1/items?limit=1&min_price=1&include_total=true").json();
    EXPECT_EQ(page.at("total"), 2);
    EXPECT_EQ(page.at("items").as_array().size(), 1U);
}

class ItemsBehindALock : public ItemsInPostgres {
protected:
    static web::Request change() {
        return {.method = web::Method::kPatch,
                .target = "/v1/items/1",
                .headers = {{"Content-Type", "application/merge-patch+json"}},
                .body = R"({"quantity": 2})"};
    }
    // What takes it: whoever builds an index, and whoever has the row open.
    static constexpr auto kLocks = {"lock table items in share mode",
                                    "select from items where name = 'a' for update"};
};

TEST_F(ItemsBehindALock, AreNotChanged) {
    add(item("a"));
    for (const auto* sql : kLocks) {
        const auto lock = hold(sql);
        const auto reply = client().send(change());
        EXPECT_EQ(reply.status, 503) << reply.body;
        EXPECT_EQ(reply.header("Retry-After"), "1");
    }
}

class ItemsBehindALongLock : public ItemsBehindALock {
protected:
    ItemsBehindALongLock() { pool_config_.lock_timeout = std::chrono::milliseconds(0); }
};

TEST_F(ItemsBehindALongLock, AreReadWhileAChangeWaits) {
    add(item("a"));
    for (const auto* sql : kLocks) {
        auto lock = hold(sql);
        std::optional<web::Response> changed;
        boost::asio::co_spawn(
            context(), application().handle(change()),
            [&](const std::exception_ptr&, web::Response reply) { changed = std::move(reply); });
        EXPECT_EQ(client().get("/v1/items/1").status, 200);
        EXPECT_EQ(client().get("/v1/items").status, 200);
        // What readiness asks.
        EXPECT_EQ(run(postgres::check_schema(pool(), postgres::Migrations::load(migrations_dir()))),
                  postgres::SchemaState::kUsable);
        EXPECT_FALSE(changed) << "the reads waited for it: " << changed->body;
        lock.release();
        while (!changed)
            context().run_one();
        EXPECT_EQ(changed->status, 200) << changed->body;
    }
}

}  // namespace
