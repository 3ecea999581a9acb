// The endpoints of items, through the whole web stack, on a fake service.
#include <application.hpp>
#include <fake_items.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <telemetry/log.hpp>
#include <web/test_client.hpp>

namespace {

using boost::json::object;
using testing::ElementsAre;
using testing::HasSubstr;

const object kLamp{{"name", "Lamp"}, {"category", "home"}, {"price", 12.5}, {"quantity", 3}};

class Items : public testing::Test {
protected:
    app::FakeServices services;
    app::FakeItems& fake = services.items;
    std::unique_ptr<web::App> application = app::make_application(services);
    web::TestClient client{*application};

    static void SetUpTestSuite() {
        telemetry::log::configure({.service = "api", .level = telemetry::log::Level::kError});
    }

    web::TestClient::Reply post(std::string body, std::string type = "application/json") {
        return client.send({.method = web::Method::kPost,
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
};

TEST_F(Items, AreCreatedAndRead) {
    const auto created = client.post("/v1/items", kLamp);
    EXPECT_EQ(created.status, 201);
    EXPECT_EQ(created.header("Location"), "/v1/items/1");
    EXPECT_EQ(created.body,
              R"({"id":1,"name":"Lamp","description":null,"category":"home","price":12.50,)"
              R"("quantity":3,"created_at":"2026-01-01T00:00:00.000000Z",)"
              R"("updated_at":"2026-01-01T00:00:00.000000Z"})");
    const auto read = client.get("/v1/items/1");
    EXPECT_EQ(read.status, 200);
    EXPECT_EQ(read.body, created.body);
    EXPECT_EQ(read.header("ETag"), created.header("ETag"));
}

TEST_F(Items, KeepPricesExact) {
    const auto price_of = [this](std::string price) {
        const auto reply =
            post(R"({"name":"a","category":"b","quantity":0,"price":)" + price + "}");
        return reply.status == 201 ? fake.stored.back().price.to_string() : problems(reply).front();
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

TEST_F(Items, LimitTheirTexts) {
    EXPECT_EQ(client.post("/v1/items", with("name", std::string(120, 'x'))).status, 201);
    EXPECT_THAT(problems(client.post("/v1/items", with("name", std::string(121, 'x')))),
                ElementsAre("/name string_too_long"));
    EXPECT_THAT(problems(client.post("/v1/items", with("name", " \t "))),
                ElementsAre("/name string_too_short"));
    EXPECT_THAT(problems(client.post("/v1/items", with("name", "a\nb"))),
                ElementsAre("/name control_character"));
    EXPECT_THAT(problems(client.post("/v1/items", with("category", std::string(61, 'x')))),
                ElementsAre("/category string_too_long"));
    EXPECT_THAT(problems(client.post("/v1/items", with("description", std::string(2001, 'x')))),
                ElementsAre("/description string_too_long"));
    EXPECT_EQ(client.post("/v1/items", with("description", "two\nlines")).status, 201);
}

TEST_F(Items, RefuseUnknownAndRepeatedFieldsAllAtOnce) {
    EXPECT_THAT(problems(post(R"({"name":"a","name":"b","price":-1,"quantity":2147483648,"x":1})")),
                ElementsAre("/name duplicate_field", "/price greater_than_equal",
                            "/quantity int_range", "/x unknown_field", "/category missing"));
}

TEST_F(Items, RefuseWhatIsNoJson) {
    EXPECT_EQ(post("{\"name\":").status, 400);
    EXPECT_EQ(post("{\"name\":\"\xFF\"}").status, 400);
    EXPECT_EQ(post("").status, 400);
    EXPECT_EQ(post("name=a", "application/x-www-form-urlencoded").status, 415);
}

TEST_F(Items, RefuseIdsThatCannotExist) {
    for (const auto* id : {"0", "-1", "99999999999999999999", "1.5", "abc"}) {
        EXPECT_EQ(client.get(std::string("/v1/items/") + id).status, 422) << id;
    }
    EXPECT_EQ(client.get("/v1/items/9223372036854775807").status, 404);
}

TEST_F(Items, AreListedWithDefaults) {
    (void)client.post("/v1/items", kLamp);
    const auto page = client.get("/v1/items");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.json().at("items").as_array().size(), 1U);
    EXPECT_EQ(page.json().at("next_cursor"), nullptr);
    EXPECT_FALSE(page.json().as_object().contains("total"));
    EXPECT_EQ(**fake.last_filter->limit, 20);
    EXPECT_EQ(fake.last_filter->sort->view(), "id");
}

TEST_F(Items, AreListedByFilter) {
    const auto page = client.get(
        "/v1/items?limit=5&q=caf%C3%A9+50%25&category=home&min_price=1.50&max_price=2"
        "&sort=-price&include_total=true");
    EXPECT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.json().at("total"), 0);
    const auto& filter = *fake.last_filter;
    EXPECT_EQ(**filter.limit, 5);
    EXPECT_EQ(**filter.q, "caf\xC3\xA9 50%");
    EXPECT_EQ((**filter.min_price).units(), 150);
    EXPECT_EQ(filter.sort->view(), "-price");
}

TEST_F(Items, RefuseFiltersThatMakeNoSense) {
    EXPECT_THAT(problems(client.get("/v1/items?limit=101&sort=up&page=2")),
                ElementsAre("/limit less_than_equal", "/sort one_of", "/page unknown_field"));
    EXPECT_THAT(problems(client.get("/v1/items?limit=0")),
                ElementsAre("/limit greater_than_equal"));
    EXPECT_THAT(problems(client.get("/v1/items?min_price=2&max_price=1")),
                ElementsAre("/max_price price_range"));
}

TEST_F(Items, RefuseForgedCursors) {
    for (const auto* cursor : {"x", "AAAA", "aWR8MXwx", "%00", "!!!!"}) {
        EXPECT_THAT(problems(client.get(std::string("/v1/items?cursor=") + cursor)),
                    ElementsAre("/cursor cursor"))
            << cursor;
    }
}

TEST_F(Items, ContinueInTheOrderThatTheCursorBelongsTo) {
    fake.next_cursor = app::ItemCursor{*app::ItemSort::parse("price"), "1.50", 7};
    const auto page = client.get("/v1/items?sort=price");
    const auto cursor = boost::json::value_to<std::string>(page.json().at("next_cursor"));
    EXPECT_EQ(client.get("/v1/items?sort=price&cursor=" + cursor).status, 200);
    EXPECT_EQ(fake.last_filter->cursor, fake.next_cursor);
    EXPECT_THAT(problems(client.get("/v1/items?cursor=" + cursor)), ElementsAre("/cursor cursor"));
}

TEST_F(Items, AreReplacedOnlyInTheVersionThatWasRead) {
    const auto etag = client.post("/v1/items", kLamp).header("ETag");
    const auto replaced = client.put("/v1/items/1", with("name", "New"), {{"If-Match", etag}});
    EXPECT_EQ(replaced.status, 200);
    EXPECT_NE(replaced.header("ETag"), etag);
    const auto lost = client.put("/v1/items/1", kLamp, {{"If-Match", etag}});
    EXPECT_EQ(lost.status, 412);
    EXPECT_THAT(lost.body, HasSubstr("has changed since you read it"));
    EXPECT_EQ(client.put("/v1/items/1", kLamp, {{"If-Match", "\"not-ours\""}}).status, 412);
    EXPECT_EQ(client.put("/v1/items/1", kLamp, {{"If-Match", "*"}}).status, 200);
    EXPECT_EQ(client.put("/v1/items/1", kLamp).status, 200);
    EXPECT_EQ(client.put("/v1/items/2", kLamp).status, 404);
}

TEST_F(Items, AreNotOverwrittenAgainstIfNoneMatch) {
    const auto etag = client.post("/v1/items", kLamp).header("ETag");
    EXPECT_EQ(client.put("/v1/items/1", kLamp, {{"If-None-Match", "*"}}).status, 412);
    EXPECT_EQ(client.put("/v1/items/2", kLamp, {{"If-None-Match", "*"}}).status, 404);
    EXPECT_EQ(client.del("/v1/items/1", {{"If-None-Match", etag}}).status, 412);
    // Compared weakly (RFC 9110, 13.1.2), where If-Match is not.
    EXPECT_EQ(client.put("/v1/items/1", kLamp, {{"If-None-Match", "W/" + etag}}).status, 412);
    EXPECT_EQ(client.put("/v1/items/1", kLamp, {{"If-Match", "W/" + etag}}).status, 412);
    EXPECT_EQ(client.patch("/v1/items/1", {{"price", 2}}, {{"If-None-Match", "\"1\""}}).status,
              200);
}

TEST_F(Items, ArePatchedWithAMergePatch) {
    (void)client.post("/v1/items", kLamp);
    const auto reply = client.patch("/v1/items/1", {{"description", nullptr}},
                                    {{"Content-Type", "application/merge-patch+json"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_TRUE(fake.last_patch->description.present());
    EXPECT_EQ(*fake.last_patch->description, std::nullopt);
    EXPECT_FALSE(fake.last_patch->name.present());
    EXPECT_THAT(problems(client.patch("/v1/items/1", {{"name", nullptr}, {"price", 1.001}})),
                ElementsAre("/name string_type", "/price decimal_places"));
}

TEST_F(Items, AreDeletedOnce) {
    (void)client.post("/v1/items", kLamp);
    EXPECT_EQ(client.del("/v1/items/1", {{"If-Match", "\"0\""}}).status, 412);
    EXPECT_EQ(client.del("/v1/items/1").status, 204);
    EXPECT_EQ(client.del("/v1/items/1").status, 404);
}

TEST_F(Items, AnswerNotModified) {
    const auto etag = client.post("/v1/items", kLamp).header("ETag");
    EXPECT_EQ(client.get("/v1/items/1", {{"If-None-Match", etag}}).status, 304);
}

TEST_F(Items, SayWhenTheDatabaseIsAway) {
    fake.failure = std::make_exception_ptr(base::Unavailable("connection refused"));
    const auto reply = client.get("/v1/items");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("Retry-After"), "1");
}

TEST_F(Items, AreCreatedWithTheKeyOfTheClient) {
    const auto create = [this](std::string key) {
        return client.send(
            {.method = web::Method::kPost,
             .target = "/v1/items",
             .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", std::move(key)}},
             .body = boost::json::serialize(kLamp)});
    };
    EXPECT_EQ(create("order-17").status, 201);
    EXPECT_EQ(fake.last_key, "order-17");
    EXPECT_THAT(problems(create(std::string(256, 'k'))),
                ElementsAre("/Idempotency-Key string_too_long"));
    fake.key_is_taken = true;
    const auto refused = create("order-17");
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("was used for another request"));
}

TEST_F(Items, AreCreatedInBulkInTheirOrder) {
    auto chair = kLamp;
    chair["name"] = "Chair";
    const auto reply = client.post("/v1/items/bulk", {{"items", {kLamp, chair}}});
    ASSERT_EQ(reply.status, 201) << reply.body;
    EXPECT_EQ(reply.header("Location"), "");
    const auto body = reply.json();
    const auto& items = body.at("items").as_array();
    ASSERT_EQ(items.size(), 2);
    EXPECT_EQ(items[0].at("name"), "Lamp");
    EXPECT_EQ(items[1].at("name"), "Chair");
}

TEST_F(Items, InBulkAreRefusedWithThePlaceOfEachFault) {
    auto wrong = kLamp;
    wrong["price"] = -1;
    wrong.erase("name");
    const auto reply = client.post("/v1/items/bulk", {{"items", {kLamp, wrong}}});
    EXPECT_THAT(problems(reply), testing::UnorderedElementsAre(
                                     "/items/1/name missing", "/items/1/price greater_than_equal"));
    EXPECT_THAT(problems(client.post("/v1/items/bulk", {{"items", boost::json::array()}})),
                ElementsAre("/items too_few_items"));
    const boost::json::array many(1001, kLamp);
    EXPECT_THAT(problems(client.post("/v1/items/bulk", {{"items", many}})),
                ElementsAre("/items too_many_items"));
    EXPECT_TRUE(fake.stored.empty());
}

TEST_F(Items, HaveStatistics) {
    services.statistics.stats.total.items = 2;
    services.statistics.stats.days = {{"2026-01-01", 2}};
    const auto reply = client.get("/v1/items/stats");
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.json().at("total").at("items"), 2);
    EXPECT_EQ(reply.json().at("days").at(0).at("day"), "2026-01-01");
}

TEST_F(Items, TellTheirEventsFromWhereTheClientLeftOff) {
    services.events.events = {{{.transaction = 7, .id = 3}, {}}};
    const auto reply =
        client.send({.target = "/v1/items/events", .headers = {{"Last-Event-ID", "7-2"}}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "text/event-stream");
    EXPECT_EQ(services.events.last_after, (app::EventPosition{7, 2}));
    EXPECT_EQ(reply.body,
              "id: 7-3\nevent: reset\n"
              "data: {\"kind\":\"reset\",\"occurred_at\":null,\"item\":null}\n\n");
}

TEST_F(Items, TellEventsAfreshToAClientWithAnUnknownId) {
    (void)client.send({.target = "/v1/items/events", .headers = {{"Last-Event-ID", "latest"}}});
    EXPECT_EQ(services.events.last_after, std::nullopt);
}

}  // namespace
