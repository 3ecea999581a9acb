// Items as files: exported, imported, and back.
#include <gmock/gmock.h>
#include <schemas/item_csv.hpp>
#include <services/item_csv.hpp>

#include "api_database_test.hpp"

namespace {

using boost::json::value_to;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kHeader = "name,description,category,price,quantity\n";

class ItemsAsCsv : public app::ApiDatabaseTest {
protected:
    void SetUp() override {
        ApiDatabaseTest::SetUp();
        client_ = std::make_unique<web::TestClient>(application(), context());
    }

    web::TestClient& client() { return *client_; }

    web::TestClient::Reply upload(const std::string& csv, const std::string& query = "",
                                  const std::string& key = "") {
        web::Headers headers{{"Content-Type", "multipart/form-data; boundary=B"}};
        if (!key.empty()) headers.set("Idempotency-Key", key);
        return client().send({.method = web::Method::kPost,
                              .target = "/v1/items/import" + query,
                              .headers = std::move(headers),
                              .body = "--B\r\nContent-Disposition: form-data; name=\"file\"; "
                                      "filename=\"items.csv\"\r\nContent-Type: text/csv\r\n\r\n" +
                                      csv + "\r\n--B--\r\n"});
    }
    std::string download(const std::string& query = "") {
        const auto reply = client().get("/v1/items.csv" + query);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return reply.body;
    }
    static std::vector<std::string> errors(const web::TestClient::Reply& reply) {
        EXPECT_EQ(reply.status, 422) << reply.body;
        std::vector<std::string> result;
        const auto problem = reply.json();
        for (const auto& error : problem.at("errors").as_array()) {
            EXPECT_EQ(error.at("in"), "body");
            result.push_back(value_to<std::string>(error.at("pointer")) + " " +
                             value_to<std::string>(error.at("code")));
        }
        return result;
    }
    std::int64_t count(const std::string& what) {
        return run(pool().query_one<std::int64_t>({"", "select count(*) from " + what}));
    }
    // What an import keeps of the items, in their order.
    std::string contents() {
        return run(pool().query_one<std::string>(
            {"",
             "select coalesce(json_agg(json_build_array(name, description, category, price, "
             "quantity) order by id)::text, '') from items"}));
    }
    // More than any buffer on the way holds.
    void add_many() {
        execute("alter table items disable trigger user");
        execute(
            "insert into items (name, description, category, price, quantity) "
            "select 'item', repeat('x', 2000), 'c', 1, 1 from generate_series(1, 10000)");
    }

private:
    std::unique_ptr<web::TestClient> client_;
};

TEST_F(ItemsAsCsv, AreExported) {
    execute(
        "insert into items (name, description, category, price, quantity, created_at, "
        "updated_at) values ('Lamp, \"desk\"', null, '=cmd()', 39.9, 12, "
        "'2026-01-31 12:00:00Z', '2026-02-01 08:30:00.25Z')");
    const auto reply = client().get("/v1/items.csv");
    EXPECT_EQ(reply.header("Content-Type"), "text/csv");
    EXPECT_EQ(reply.header("Content-Disposition"), "attachment; filename=\"items.csv\"");
    EXPECT_EQ(reply.body,
              "id,name,description,category,price,quantity,created_at,updated_at\r\n"
              "1,\"Lamp, \"\"desk\"\"\",,'=cmd(),39.90,12,2026-01-31T12:00:00.000000Z,"
              "2026-02-01T08:30:00.250000Z\r\n");
}

TEST_F(ItemsAsCsv, AreExportedByTheFiltersOfTheList) {
    ASSERT_EQ(upload(std::string(kHeader) + "a\\'b,,x,1,1\nA\\'B c,,x,2,1\nother,a\\'b,y,3,1\n"
                                            "plain,,x,4,1\n")
                  .status,
              200);
    const auto names = [this](const std::string& query) {
        std::vector<std::string> result;
        std::istringstream lines(download("?" + query));
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line)) {
            const auto begin = line.find(',') + 1;
            result.push_back(line.substr(begin, line.find(',', begin) - begin));
        }
        return result;
    };
    EXPECT_THAT(names("sort=-price"), ElementsAre("plain", "other", "A\\'B c", "a\\'b"));
    EXPECT_THAT(names("q=a%5C%27b"), ElementsAre("a\\'b", "A\\'B c", "other"));
    EXPECT_THAT(names("q=a%5C%27b&category=x&max_price=1.5"), ElementsAre("a\\'b"));
    EXPECT_THAT(names("min_price=2&max_price=3&sort=-name"), ElementsAre("other", "A\\'B c"));
    EXPECT_THAT(names("category=%27%20or%20true%20--"), IsEmpty());
    EXPECT_EQ(client().get("/v1/items.csv?min_price=2&max_price=1").status, 422);
    EXPECT_EQ(client().get("/v1/items.csv?limit=1").status, 422);
}

TEST_F(ItemsAsCsv, AreTheSameAfterTheWayOutAndBack) {
    execute(R"(insert into items (name, description, category, price, quantity) values
        ('=1+1', '@SUM(A1)', '-x', 0, 0), ('''=1', '', '''', 9999999999.99, 2147483647),
        ('+', null, ';,', 0.01, 1), ('"q"', E'two\nlines\r\nand\ta tab', 'é🦤', 1, 1))");
    const auto before = contents();
    const auto file = download();
    execute("delete from items");
    const auto reply = upload(file);
    EXPECT_EQ(reply.body, R"({"rows":4,"created":4})");
    EXPECT_EQ(contents(), before);
}

TEST_F(ItemsAsCsv, AreImportedAsSpreadsheetsWriteThem) {
    const auto reply =
        upload("\xEF\xBB\xBFquantity;price;category;name\r\n3;12.5;\"a;b\";Lamp\r\n");
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(contents(), R"([["Lamp", null, "a;b", 12.50, 3]])");
}

TEST_F(ItemsAsCsv, AreRefusedByLineAndColumnAllOrNone) {
    EXPECT_THAT(errors(upload(std::string(kHeader) + "fine,,c,1,1\n"
                                                     ",\"two\nlines\",c,-1,1\n"
                                                     "x,,c,1\n"
                                                     "y,\xFF,c,1,1\n"
                                                     "z,,c,1.005,many\n")),
                ElementsAre("/file/3/name string_too_short", "/file/3/price greater_than_equal",
                            "/file/5 cell_count", "/file/6/description invalid_utf8",
                            "/file/7/price decimal_places", "/file/7/quantity int_type"));
    EXPECT_THAT(errors(upload("name,colour,price,price\n")),
                ElementsAre("/file/1/colour unknown_column", "/file/1/price repeated_column",
                            "/file/1/category missing_column", "/file/1/quantity missing_column"));
    EXPECT_THAT(errors(upload("")), ElementsAre("/file empty"));
    EXPECT_THAT(errors(upload(kHeader)), ElementsAre("/file no_rows"));
    EXPECT_THAT(errors(upload(std::string(kHeader) + "a,\"b,c,1,1\n")),
                ElementsAre("/file/2/description unclosed_quote"));
    EXPECT_EQ(count("items"), 0);
}

TEST_F(ItemsAsCsv, AreRefusedWithAtMostAHundredErrors) {
    std::string file = kHeader;
    for (int i = 0; i < 1000; ++i)
        file += "x,,c,none,1\n";
    const auto refused = errors(upload(file));
    EXPECT_EQ(refused.size(), 100);
    EXPECT_EQ(refused.back(), "/file/101/price decimal_type");
}

TEST_F(ItemsAsCsv, AreAtMostAHundredThousandOfAFewBytes) {
    std::string file = kHeader;
    for (std::size_t i = 0; i <= app::kMaxImportRows; ++i)
        file += "x,,c,1,1\n";
    EXPECT_THAT(errors(upload(file, "?dry_run=true")), ElementsAre("/file/100002 too_many_rows"));
    EXPECT_EQ(application().max_body_bytes(
                  {.method = web::Method::kPost, .target = "/v1/items/import?dry_run=true"}),
              app::kMaxImportBytes);
}

TEST_F(ItemsAsCsv, AreOnlyCheckedByADryRun) {
    const auto file = std::string(kHeader) + "a,,c,1,1\nb,,c,2,2\n";
    EXPECT_EQ(upload(file, "?dry_run=true", "key").body, R"({"rows":2,"created":0})");
    EXPECT_EQ(count("items"), 0);
    EXPECT_EQ(count("item_events"), 0);
    EXPECT_THAT(errors(upload(file + "c\n", "?dry_run=true")), ElementsAre("/file/4 cell_count"));
    // Its key is free for the file itself.
    EXPECT_EQ(upload(file, "", "key").body, R"({"rows":2,"created":2})");
}

TEST_F(ItemsAsCsv, AreImportedOnceForEachKey) {
    const auto file = std::string(kHeader) + "a,,c,1,1\n";
    EXPECT_EQ(upload(file, "", "key").body, R"({"rows":1,"created":1})");
    EXPECT_EQ(upload(file, "", "key").body, R"({"rows":1,"created":1})");
    EXPECT_EQ(count("items"), 1);
    const auto other = upload(file + "b,,c,1,1\n", "", "key");
    EXPECT_EQ(other.status, 422);
    EXPECT_THAT(other.body, HasSubstr("This Idempotency-Key was used for another request"));
    EXPECT_EQ(count("items"), 1);
}

TEST_F(ItemsAsCsv, CountInStatisticsAndEvents) {
    auto events = client().open({.target = "/v1/items/events"});
    EXPECT_THAT(events.next(), testing::Optional(HasSubstr("reset")));
    std::string file = kHeader;
    constexpr int kItems = 2500;  // more than the feed keeps in memory
    for (int i = 1; i <= kItems; ++i)
        file += fmt::format("item {},,c,2,3\n", i);
    ASSERT_EQ(upload(file).status, 200);

    const auto total = client().get("/v1/items/stats").json().at("total");
    EXPECT_EQ(total.at("items"), kItems);
    EXPECT_EQ(total.at("quantity"), 3 * kItems);
    EXPECT_EQ(count("item_events where kind = 'created'"), kItems);
    // A piece of the stream is an event.
    for (int i = 1; i <= kItems; ++i)
        ASSERT_THAT(events.next(), testing::Optional(HasSubstr(fmt::format("\"item {}\"", i))));
    events.stop();
}

TEST_F(ItemsAsCsv, AreAllGoneIfTheDatabaseRefusesOne) {
    execute("alter table items add constraint t check (name <> 'item 3000')");
    std::string file = kHeader;
    for (int i = 1; i <= 4'000; ++i)
        file += fmt::format("item {},,c,1,1\n", i);
    const auto reply = upload(file, "", "key");
    EXPECT_GE(reply.status, 400);
    EXPECT_EQ(count("items"), 0);
    EXPECT_EQ(count("item_events"), 0);
    EXPECT_EQ(count("idempotency_keys"), 0);
    EXPECT_EQ(pool().stats().transactions_busy, 0);
    execute("alter table items drop constraint t");
    EXPECT_EQ(upload(file, "", "key").body, R"({"rows":4000,"created":4000})");
}

TEST_F(ItemsAsCsv, ReleaseTheConnectionOfAnExportThatIsAbandoned) {
    add_many();
    {
        auto open = client().open({.target = "/v1/items.csv"});
        EXPECT_TRUE(open.next());
        EXPECT_EQ(pool().stats().transactions_busy, 1);
    }
    EXPECT_EQ(pool().stats().transactions_busy, 0);
}

TEST_F(ItemsAsCsv, AreNoCompleteFileIfTheDatabaseFails) {
    add_many();
    auto open = client().open({.target = "/v1/items.csv"});
    EXPECT_TRUE(open.next());
    execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy %' "
        "and datname = current_database() and query like '%from items%'");
    EXPECT_THROW(
        {
            while (open.next()) {
            }
        },
        base::Unavailable);
}

TEST_F(ItemsAsCsv, AreExportedByFewAtATime) {
    add_many();
    auto first = client().open({.target = "/v1/items.csv"});
    {
        auto second = client().open({.target = "/v1/items.csv"});
        const auto third = client().get("/v1/items.csv");
        EXPECT_EQ(third.status, 503);
        EXPECT_NE(third.header("Retry-After"), "");
    }
    EXPECT_EQ(client().get("/v1/items.csv?category=none").status, 200);
}

}  // namespace
