// Creating items: together, in bulk, and once only.
#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gmock/gmock.h>

#include <database/idempotency.hpp>

#include "api_database_test.hpp"

namespace {

using boost::json::object;
using testing::ElementsAre;

class Creation : public app::ApiDatabaseTest {
protected:
    static object item(std::string_view name) {
        return {{"name", name}, {"price", 1.5}, {"category", "c"}, {"quantity", 1}};
    }
    static web::Request post(std::string target, const object& body, std::string key = "") {
        web::Request request{.method = web::Method::kPost,
                             .target = std::move(target),
                             .headers = {{"Content-Type", "application/json"}},
                             .body = boost::json::serialize(body)};
        if (!key.empty()) request.headers.set("Idempotency-Key", std::move(key));
        return request;
    }
    // All requests at once, on the one thread of the test, as a server's worker would.
    std::vector<web::Response> send_together(std::vector<web::Request> requests) {
        std::vector<web::Response> replies(requests.size());
        std::size_t open = requests.size();
        for (std::size_t i = 0; i < requests.size(); ++i) {
            boost::asio::co_spawn(context(), application().handle(std::move(requests[i])),
                                  [&, i](const std::exception_ptr&, web::Response reply) {
                                      replies[i] = std::move(reply);
                                      --open;
                                  });
        }
        context().restart();
        while (open > 0 && context().run_one() > 0) {
        }
        return replies;
    }
    std::int64_t count(std::string_view table = "items") {
        const auto sql = fmt::format("select count(*) from {}", table);
        return run(pool().query_one<std::int64_t>({"", sql}));
    }
    web::TestClient::Reply send(web::Request request) {
        return web::TestClient(application(), context()).send(std::move(request));
    }
};

TEST_F(Creation, ServesEachOfManyRequestsAtOnceItsOwnItem) {
    std::vector<web::Request> requests;
    for (int i = 0; i < 40; ++i)
        requests.push_back(post("/v1/items", item("n" + std::to_string(i))));
    const auto replies = send_together(std::move(requests));
    for (int i = 0; i < 40; ++i) {
        const auto& reply = replies[static_cast<std::size_t>(i)];
        ASSERT_EQ(reply.status, 201) << reply.body;
        const auto created = boost::json::parse(reply.body);
        EXPECT_EQ(created.at("name").as_string(), "n" + std::to_string(i));
    }
    EXPECT_EQ(count(), 40);
    // The first went alone, and the others together: two statements, hence two transactions.
    EXPECT_EQ(run(pool().query_one<std::int64_t>(
                  {"", "select count(distinct transaction_id) from item_events"})),
              2);
}

TEST_F(Creation, OfAnItemThatTheDatabaseRefusesLeavesItsCompanionsAlone) {
    execute("alter table items add constraint no_bad_luck check (name <> 'n13')");
    std::vector<web::Request> requests;
    for (int i = 0; i < 20; ++i)
        requests.push_back(post("/v1/items", item("n" + std::to_string(i))));
    const auto replies = send_together(std::move(requests));
    for (std::size_t i = 0; i < 20; ++i)
        EXPECT_EQ(replies[i].status, i == 13 ? 500 : 201) << i << ": " << replies[i].body;
    EXPECT_EQ(count(), 19);
}

TEST_F(Creation, InBulkKeepsTheOrder) {
    const auto reply = send(post("/v1/items/bulk", {{"items", {item("b"), item("a"), item("c")}}}));
    ASSERT_EQ(reply.status, 201) << reply.body;
    std::vector<std::string> names;
    const auto body = reply.json();
    for (const auto& each : body.at("items").as_array())
        names.push_back(boost::json::value_to<std::string>(each.at("name")));
    EXPECT_THAT(names, ElementsAre("b", "a", "c"));
}

TEST_F(Creation, InBulkIsAllOrNothing) {
    execute("alter table items add constraint no_bad_luck check (name <> 'n13')");
    const auto reply = send(post("/v1/items/bulk", {{"items", {item("a"), item("n13")}}}));
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(count(), 0);
}

TEST_F(Creation, TakesAThousandItemsAtOnce) {
    const boost::json::array many(1000, item("a"));
    const auto reply = send(post("/v1/items/bulk", {{"items", many}}));
    EXPECT_EQ(reply.status, 201) << reply.body;
    EXPECT_EQ(count(), 1000);
}

TEST_F(Creation, WithAKeyHappensOnce) {
    const auto first = send(post("/v1/items", item("a"), "k"));
    const auto second = send(post("/v1/items", item("a"), "k"));
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.header("Location"), first.header("Location"));
    EXPECT_EQ(second.header("ETag"), first.header("ETag"));
    EXPECT_EQ(count(), 1);
}

TEST_F(Creation, WithAKeyRepeatsTheFirstAnswerEvenIfTheItemHasChangedSince) {
    const auto first = send(post("/v1/items", item("a"), "k"));
    execute("delete from items");
    EXPECT_EQ(send(post("/v1/items", item("a"), "k")).body, first.body);
    EXPECT_EQ(count(), 0);
}

TEST_F(Creation, RefusesAKeyThatBelongsToAnotherRequest) {
    EXPECT_EQ(send(post("/v1/items", item("a"), "k")).status, 201);
    EXPECT_EQ(send(post("/v1/items", item("b"), "k")).status, 422);
    EXPECT_EQ(send(post("/v1/items/bulk", {{"items", {item("a")}}}, "k")).status, 422);
    EXPECT_EQ(count(), 1);
}

TEST_F(Creation, WithOneKeyAtOnceHappensOnce) {
    const std::vector<web::Request> requests(6, post("/v1/items", item("a"), "k"));
    const auto replies = send_together(requests);
    for (const auto& reply : replies) {
        EXPECT_EQ(reply.status, 201) << reply.body;
        EXPECT_EQ(reply.body, replies.front().body);
    }
    EXPECT_EQ(count(), 1);
}

TEST_F(Creation, InBulkWithAKeyHappensOnce) {
    const auto request = post("/v1/items/bulk", {{"items", {item("a"), item("b")}}}, "k");
    const auto first = send(request);
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(send(request).body, first.body);
    EXPECT_EQ(count(), 2);
}

TEST_F(Creation, ThatFailsLeavesItsKeyFree) {
    execute("alter table items add constraint no_bad_luck check (name <> 'n13')");
    EXPECT_EQ(send(post("/v1/items", item("n13"), "k")).status, 500);
    EXPECT_EQ(send(post("/v1/items", item("n14"), "k")).status, 201);
}

TEST_F(Creation, ForgetsKeysAfterADay) {
    EXPECT_EQ(send(post("/v1/items", item("a"), "old")).status, 201);
    EXPECT_EQ(send(post("/v1/items", item("a"), "young")).status, 201);
    execute(
        "update idempotency_keys set created_at = now() - interval '24 hours 1 second' "
        "where key = 'old'");
    // As good as new, whether or not it was removed yet.
    EXPECT_EQ(send(post("/v1/items", item("b"), "old")).status, 201);
    execute(
        "update idempotency_keys set created_at = now() - interval '24 hours 1 second' "
        "where key = 'old'");
    EXPECT_EQ(run(database::forget_expired_keys(pool(), 100)), 1);
    EXPECT_EQ(count("idempotency_keys"), 1);
}

// While the database makes the first of them wait, the others gather.
class CreationThatWaits : public Creation {
protected:
    CreationThatWaits() {
        pool_config_.max_queue = 300;
        pool_config_.lock_timeout = std::chrono::milliseconds(0);
    }

    struct Sent {
        boost::asio::cancellation_signal cancel;
        std::optional<web::Response> reply;
    };
    std::shared_ptr<Sent> start(std::string_view name) {
        auto sent = std::make_shared<Sent>();
        boost::asio::co_spawn(
            context(), application().handle(post("/v1/items", item(name))),
            boost::asio::bind_cancellation_slot(
                sent->cancel.slot(), [sent](const std::exception_ptr&, web::Response reply) {
                    sent->reply = std::move(reply);
                }));
        return sent;
    }
    void finish(const Sent& sent) {
        context().restart();
        while (!sent.reply)
            context().run_one();
    }
};

TEST_F(CreationThatWaits, LeavesOutItemsOfWhichTheClientsHaveGone) {
    auto lock = hold("lock table items in share mode");
    const auto first = start("first");
    const auto second = start("second");
    const auto gone = start("gone");
    context().restart();
    context().poll();
    gone->cancel.emit(boost::asio::cancellation_type::terminal);
    finish(*gone);
    lock.release();
    finish(*first);
    finish(*second);
    EXPECT_EQ(first->reply->status, 201) << first->reply->body;
    EXPECT_EQ(second->reply->status, 201) << second->reply->body;
    EXPECT_EQ(count(), 2);
}

TEST_F(CreationThatWaits, RefusesMoreThanTheQueueHolds) {
    auto lock = hold("lock table items in share mode");
    std::vector<std::shared_ptr<Sent>> all;
    for (int i = 0; i < 302; ++i)
        all.push_back(start("n" + std::to_string(i)));
    finish(*all.back());
    EXPECT_EQ(all.back()->reply->status, 503);
    EXPECT_EQ(all.back()->reply->headers.find("Retry-After"), "1");
    EXPECT_FALSE(all.front()->reply);
    lock.release();
    for (const auto& each : all)
        finish(*each);
    EXPECT_EQ(count(), 301);
}

// What became of an item: "added", or why it was not.
base::Task<std::string> add_one(app::ItemService& items, app::ItemCreate item) {
    try {
        const auto outcome = co_await items.add(std::move(item), std::nullopt);
        co_return "added";
    } catch (const base::Unavailable& error) {
        co_return error.outcome() == base::Outcome::kUnknown ? "unknown" : "not done";
    }
}

base::Task<bool> connect(postgres::Pool& database) {
    co_await database.ready(std::chrono::seconds(10));
    co_return true;
}

TEST_F(CreationThatWaits, GivesUpOnItemsThatHaveWaitedForTooLong) {
    boost::asio::io_context* const contexts[] = {&context()};
    postgres::Pool impatient({.url = url(),
                              .application_name = "impatient",
                              .query_timeout = std::chrono::milliseconds(300),
                              .statement_timeout = std::chrono::milliseconds(0),
                              .lock_timeout = std::chrono::milliseconds(0)},
                             contexts);
    impatient.start();
    run(connect(impatient));
    app::ItemService service(impatient, contexts);
    auto lock = hold("lock table items in share mode");

    // One alone and then a full batch, each for as long as a query may take: the last is never
    // sent.
    constexpr std::size_t kMany = 1 + 256 + 1;
    const auto item = *schema::from_json<app::ItemCreate>(
        R"({"name": "a", "category": "c", "price": 1, "quantity": 1})");
    std::vector<std::string> outcomes;
    for (std::size_t i = 0; i < kMany; ++i) {
        boost::asio::co_spawn(context(), add_one(service, item),
                              [&](const std::exception_ptr&, std::string outcome) {
                                  outcomes.push_back(std::move(outcome));
                              });
    }
    context().restart();
    while (outcomes.size() < kMany)
        context().run_one();
    const auto sent = std::ranges::count(outcomes, "unknown");
    EXPECT_GE(sent, 1);
    EXPECT_EQ(sent + std::ranges::count(outcomes, "not done"), kMany);
    EXPECT_EQ(outcomes.back(), "not done");

    lock.release();
    run(connect(impatient));  // answers come in order, so this is behind all that it was sent
    EXPECT_EQ(count(), sent);
    impatient.stop();
}

// A trigger that takes the connection away: while the statement runs, or during the commit.
class CreationThatIsCutOff : public Creation {
protected:
    void cut_off(std::string_view when) {
        execute(
            "create function cut_off() returns trigger language plpgsql as $$ begin "
            "perform pg_terminate_backend(pg_backend_pid()); return null; end $$");
        execute(
            fmt::format("create constraint trigger cut_off after insert on items {} "
                        "for each row execute function cut_off()",
                        when));
    }
    std::string retry_after(web::Request request) {
        const auto reply = send(std::move(request));
        EXPECT_EQ(reply.status, 503) << reply.body;
        run(connect(pool()));
        return reply.header("Retry-After");
    }
    web::Request one(std::string key = "") { return post("/v1/items", item("a"), std::move(key)); }
    web::Request bulk() { return post("/v1/items/bulk", {{"items", {item("a")}}}); }
};

TEST_F(CreationThatIsCutOff, DuringTheCommitIsNotToBeRepeatedBlindly) {
    cut_off("deferrable initially deferred");
    EXPECT_EQ(retry_after(one()), "");
    EXPECT_EQ(retry_after(bulk()), "");
}

TEST_F(CreationThatIsCutOff, DuringTheCommitMayBeRepeatedWithItsKey) {
    cut_off("deferrable initially deferred");
    EXPECT_EQ(retry_after(one("k")), "1");
    execute("drop trigger cut_off on items");
    EXPECT_EQ(send(one("k")).status, 201);
    EXPECT_EQ(count(), 1);
}

TEST_F(CreationThatIsCutOff, BeforeTheCommitMayBeRepeated) {
    cut_off("");
    EXPECT_EQ(retry_after(bulk()), "1");
}

}  // namespace
