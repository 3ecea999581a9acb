// The endpoints of items: statuses, headers, bodies and every refusal.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <integration/api_database_test.hpp>

#include <web/test_client.hpp>

namespace {

using boost::json::object;
using testing::ElementsAre;
using testing::HasSubstr;

const object kLamp{{"name", "Lamp"}, {"category", "home"}, {"price", 12.5}, {"quantity", 3}};

// What clients may rely on, through the whole web stack and the database.
class ItemsContract : public app::ApiDatabaseTest {
protected:
    void SetUp() override {
        ApiDatabaseTest::SetUp();
        client_.emplace(application(), context());
    }
    [[nodiscard]] web::TestClient& client() { return *client_; }

    web::TestClient::Reply post(std::string body, std::string type = "application/json") {
        return client().send({.method = web::Method::kPost,
                              .target = "/v1/items",
                              .headers = {{"Content-Type", std::move(type)}},
                              .body = std::move(body)});
    }
    static object with(std::string_view member, std::string_view text) {
        auto item = kLamp;
        item[member] = text;
        return item;
    }
    static std::vector<std::string> problems(const web::TestClient::Reply& reply) {
        std::vector<std::string> lines;
        EXPECT_EQ(reply.status, 422) << reply.body;
        EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
        const auto document = reply.json();
        for (const auto& error : document.at("errors").as_array()) {
            lines.push_back(boost::json::value_to<std::string>(error.at("pointer")) + " " +
                            boost::json::value_to<std::string>(error.at("code")));
        }
        return lines;
    }

private:
    std::optional<web::TestClient> client_;
};

TEST_F(ItemsContract, AreCreatedAndRead) {
    const auto created = client().post("/v1/items", kLamp);
    EXPECT_EQ(created.status, 201);
    EXPECT_EQ(created.header("Location"), "/v1/items/1");
    EXPECT_THAT(created.body, testing::StartsWith(R"({"id":1,"name":"Lamp","description":null,)"
                                                  R"("category":"home","price":12.50,"quantity":3,)"
                                                  R"("created_at":"20)"));
    const auto read = client().get("/v1/items/1");
    EXPECT_EQ(read.status, 200);
    EXPECT_EQ(read.body, created.body);
    EXPECT_EQ(read.header("ETag"), created.header("ETag"));
}

TEST_F(ItemsContract, KeepPricesExact) {
    const auto price_of = [this](std::string price) {
        const auto reply =
            post(R"({"name":"a","category":"b","quantity":0,"price":)" + price + "}");
        if (reply.status != 201) return problems(reply).front();
        const auto start = reply.body.find(R"("price":)") + 8;
        return reply.body.substr(start, reply.body.find(',', start) - start);
    };
    EXPECT_EQ(price_of("0"), "0.00");
    EXPECT_EQ(price_of("9999999999.99"), "9999999999.99");
    EXPECT_EQ(price_of("1.10"), "1.10");
    EXPECT_EQ(price_of("1e2"), "100.00");
    EXPECT_EQ(price_of("-1"), "/price greater_than_equal");
    EXPECT_EQ(price_of("1.005"), "/price decimal_places");
    EXPECT_EQ(price_of("1e999"), "/price decimal_range");
    EXPECT_EQ(price_of("10000000000.00"), "/price less_than_equal");
    EXPECT_EQ(price_of("\"1.00\""), "/price decimal_type");
}

TEST_F(ItemsContract, LimitTheirTexts) {
    EXPECT_EQ(client().post("/v1/items", with("name", std::string(120, 'x'))).status, 201);
    EXPECT_THAT(problems(client().post("/v1/items", with("name", std::string(121, 'x')))),
                ElementsAre("/name string_too_long"));
    EXPECT_THAT(problems(client().post("/v1/items", with("name", " \t "))),
                ElementsAre("/name string_too_short"));
    EXPECT_THAT(problems(client().post("/v1/items", with("name", "a\nb"))),
                ElementsAre("/name control_character"));
    EXPECT_THAT(problems(client().post("/v1/items", with("category", std::string(61, 'x')))),
                ElementsAre("/category string_too_long"));
    EXPECT_THAT(problems(client().post("/v1/items", with("description", std::string(2001, 'x')))),
                ElementsAre("/description string_too_long"));
    EXPECT_EQ(client().post("/v1/items", with("description", "two\nlines")).status, 201);
}

TEST_F(ItemsContract, RefuseUnknownAndRepeatedFieldsAllAtOnce) {
    EXPECT_THAT(problems(post(R"({"name":"a","name":"b","price":-1,"quantity":2147483648,"x":1})")),
                ElementsAre("/name duplicate_field", "/price greater_than_equal",
                            "/quantity int_range", "/x unknown_field", "/category missing"));
}

TEST_F(ItemsContract, RefuseWhatIsNoJson) {
    EXPECT_EQ(post("{\"name\":").status, 400);
    EXPECT_EQ(post("{\"name\":\"\xFF\"}").status, 400);
    EXPECT_EQ(post("").status, 400);
    EXPECT_EQ(post("name=a", "application/x-www-form-urlencoded").status, 415);
}

TEST_F(ItemsContract, RefuseIdsThatCannotExist) {
    for (const auto* id : {"0", "-1", "99999999999999999999", "1.5", "abc"}) {
        EXPECT_EQ(client().get(std::string("/v1/items/") + id).status, 422) << id;
    }
    EXPECT_EQ(client().get("/v1/items/9223372036854775807").status, 404);
}

TEST_F(ItemsContract, AreListedTwentyAtATimeInTheOrderOfTheirIds) {
    const boost::json::array many(21, kLamp);
    ASSERT_EQ(client().post("/v1/items/bulk", {{"items", many}}).status, 201);
    const auto page = client().get("/v1/items").json();
    const auto& items = page.at("items").as_array();
    ASSERT_EQ(items.size(), 20U);
    EXPECT_EQ(items.front().at("id"), 1);
    EXPECT_EQ(items.back().at("id"), 20);
    EXPECT_TRUE(page.at("next_cursor").is_string());
    EXPECT_FALSE(page.as_object().contains("total"));
    const auto all = client().get("/v1/items?limit=100").json();
    EXPECT_EQ(all.at("items").as_array().size(), 21U);
    EXPECT_EQ(all.at("next_cursor"), nullptr);
}

TEST_F(ItemsContract, AreListedByFilter) {
    ASSERT_EQ(client().post("/v1/items", with("name", "Caf\xC3\xA9 50%")).status, 201);
    ASSERT_EQ(client().post("/v1/items", with("name", "Cafe 50")).status, 201);
    const auto found = [this](const std::string& query) {
        const auto page = client().get("/v1/items?include_total=true&" + query);
        EXPECT_EQ(page.status, 200) << page.body;
        return page.json().at("total");
    };
    EXPECT_EQ(found("q=caf%C3%A9+50%25&category=home&min_price=1.50&max_price=12.5&sort=-price"),
              1);
    EXPECT_EQ(found("category=garden"), 0);
    EXPECT_EQ(found("min_price=12.51"), 0);
    EXPECT_EQ(found("max_price=12.49"), 0);
    EXPECT_EQ(found("q=50"), 2);
}

TEST_F(ItemsContract, RefuseFiltersThatMakeNoSense) {
    EXPECT_THAT(problems(client().get("/v1/items?limit=101&sort=up&page=2")),
                ElementsAre("/limit less_than_equal", "/sort one_of", "/page unknown_field"));
    EXPECT_THAT(problems(client().get("/v1/items?limit=0")),
                ElementsAre("/limit greater_than_equal"));
    EXPECT_THAT(problems(client().get("/v1/items?min_price=2&max_price=1")),
                ElementsAre("/max_price price_range"));
}

TEST_F(ItemsContract, RefuseForgedCursors) {
    for (const auto* cursor : {"x", "AAAA", "aWR8MXwx", "%00", "!!!!"}) {
        EXPECT_THAT(problems(client().get(std::string("/v1/items?cursor=") + cursor)),
                    ElementsAre("/cursor cursor"))
            << cursor;
    }
}

TEST_F(ItemsContract, ContinueInTheOrderThatTheCursorBelongsTo) {
    (void)client().post("/v1/items", kLamp);
    (void)client().post("/v1/items", kLamp);
    const auto page = client().get("/v1/items?sort=price&limit=1");
    const auto cursor = boost::json::value_to<std::string>(page.json().at("next_cursor"));
    const auto next = client().get("/v1/items?sort=price&limit=1&cursor=" + cursor);
    EXPECT_EQ(next.json().at("items").at(0).at("id"), 2);
    EXPECT_EQ(next.json().at("next_cursor"), nullptr);
    EXPECT_THAT(problems(client().get("/v1/items?cursor=" + cursor)),
                ElementsAre("/cursor cursor"));
}

TEST_F(ItemsContract, AreReplacedOnlyInTheVersionThatWasRead) {
    const auto etag = client().post("/v1/items", kLamp).header("ETag");
    const auto replaced = client().put("/v1/items/1", with("name", "New"), {{"If-Match", etag}});
    EXPECT_EQ(replaced.status, 200);
    EXPECT_NE(replaced.header("ETag"), etag);
    const auto lost = client().put("/v1/items/1", kLamp, {{"If-Match", etag}});
    EXPECT_EQ(lost.status, 412);
    EXPECT_THAT(lost.body, HasSubstr("has changed since you read it"));
    EXPECT_EQ(client().put("/v1/items/1", kLamp, {{"If-Match", "\"not-ours\""}}).status, 412);
    EXPECT_EQ(client().put("/v1/items/1", kLamp, {{"If-Match", "*"}}).status, 200);
    EXPECT_EQ(client().put("/v1/items/1", kLamp).status, 200);
    EXPECT_EQ(client().put("/v1/items/2", kLamp).status, 404);
}

TEST_F(ItemsContract, AreNotOverwrittenAgainstIfNoneMatch) {
    const auto etag = client().post("/v1/items", kLamp).header("ETag");
    EXPECT_EQ(client().put("/v1/items/1", kLamp, {{"If-None-Match", "*"}}).status, 412);
    EXPECT_EQ(client().put("/v1/items/2", kLamp, {{"If-None-Match", "*"}}).status, 404);
    EXPECT_EQ(client().del("/v1/items/1", {{"If-None-Match", etag}}).status, 412);
    // Compared weakly (RFC 9110, 13.1.2), where If-Match is not.
    EXPECT_EQ(client().put("/v1/items/1", kLamp, {{"If-None-Match", "W/" + etag}}).status, 412);
    EXPECT_EQ(client().put("/v1/items/1", kLamp, {{"If-Match", "W/" + etag}}).status, 412);
    EXPECT_EQ(client().patch("/v1/items/1", {{"price", 2}}, {{"If-None-Match", "\"1\""}}).status,
              200);
}

TEST_F(ItemsContract, ArePatchedWithAMergePatch) {
    (void)client().post("/v1/items", with("description", "Brass"));
    const auto reply = client().patch("/v1/items/1", {{"description", nullptr}},
                                      {{"Content-Type", "application/merge-patch+json"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json().at("description"), nullptr);
    EXPECT_EQ(reply.json().at("name"), "Lamp");
    EXPECT_THAT(problems(client().patch("/v1/items/1", {{"name", nullptr}, {"price", 1.001}})),
                ElementsAre("/name string_type", "/price decimal_places"));
}

TEST_F(ItemsContract, AreDeletedOnce) {
    (void)client().post("/v1/items", kLamp);
    EXPECT_EQ(client().del("/v1/items/1", {{"If-Match", "\"0\""}}).status, 412);
    EXPECT_EQ(client().del("/v1/items/1").status, 204);
    EXPECT_EQ(client().del("/v1/items/1").status, 404);
}

TEST_F(ItemsContract, AnswerNotModified) {
    const auto etag = client().post("/v1/items", kLamp).header("ETag");
    EXPECT_EQ(client().get("/v1/items/1", {{"If-None-Match", etag}}).status, 304);
}

TEST_F(ItemsContract, SayWhenTheDatabaseIsAway) {
    boost::asio::io_context* const contexts[] = {&context()};
    // Port 1 is reserved (RFC 1078), and nobody listens there.
    postgres::Pool away({.url = "postgresql://nobody@127.0.0.1:1/none"}, contexts);
    away.start();
    telemetry::Registry registry;
    const app::Application api(away, contexts, registry);
    const auto reply = web::TestClient(*api.endpoints, context()).get("/v1/items");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("Retry-After"), "1");
    away.stop();
}

TEST_F(ItemsContract, AreCreatedWithTheKeyOfTheClient) {
    const auto create = [this](std::string key) {
        return client().send(
            {.method = web::Method::kPost,
             .target = "/v1/items",
             .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", std::move(key)}},
             .body = boost::json::serialize(kLamp)});
    };
    const auto created = create("order-17");
    EXPECT_EQ(created.status, 201);
    EXPECT_EQ(create("order-17").body, created.body);
    EXPECT_THAT(problems(create(std::string(256, 'k'))),
                ElementsAre("/Idempotency-Key string_too_long"));
    const auto refused =
        client().post("/v1/items", with("name", "Another"), {{"Idempotency-Key", "order-17"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("was used for another request"));
}

TEST_F(ItemsContract, AreCreatedInBulkInTheirOrder) {
    auto chair = kLamp;
    chair["name"] = "Chair";
    const auto reply = client().post("/v1/items/bulk", {{"items", {kLamp, chair}}});
    ASSERT_EQ(reply.status, 201) << reply.body;
    EXPECT_EQ(reply.header("Location"), "");
    const auto body = reply.json();
    const auto& items = body.at("items").as_array();
    ASSERT_EQ(items.size(), 2);
    EXPECT_EQ(items[0].at("name"), "Lamp");
    EXPECT_EQ(items[1].at("name"), "Chair");
}

TEST_F(ItemsContract, InBulkAreRefusedWithThePlaceOfEachFault) {
    auto wrong = kLamp;
    wrong["price"] = -1;
    wrong.erase("name");
    const auto reply = client().post("/v1/items/bulk", {{"items", {kLamp, wrong}}});
    EXPECT_THAT(problems(reply), testing::UnorderedElementsAre(
                                     "/items/1/name missing", "/items/1/price greater_than_equal"));
    EXPECT_THAT(problems(client().post("/v1/items/bulk", {{"items", boost::json::array()}})),
                ElementsAre("/items too_few_items"));
    const boost::json::array many(1001, kLamp);
    EXPECT_THAT(problems(client().post("/v1/items/bulk", {{"items", many}})),
                ElementsAre("/items too_many_items"));
    EXPECT_EQ(client().get("/v1/items/stats").json().at("total").at("items"), 0);
}

TEST_F(ItemsContract, TellTheirEventsAsAStream) {
    auto events =
        client().open({.target = "/v1/items/events", .headers = {{"Last-Event-ID", "latest"}}});
    EXPECT_EQ(events.reply.status, 200);
    EXPECT_EQ(events.reply.header("Content-Type"), "text/event-stream");
    // An id that is none of ours is a place that the log does not have.
    EXPECT_THAT(
        events.next().value_or(""),
        testing::EndsWith("event: reset\n"
                          "data: {\"kind\":\"reset\",\"occurred_at\":null,\"item\":null}\n\n"));
    events.stop();
}

}  // namespace
