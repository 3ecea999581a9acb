// What the application adds to every endpoint: routing, prefixes, failures, traces and metrics.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/context.hpp>
#include <base/errors.hpp>

#include "notes_app.hpp"

namespace {

using testing::HasSubstr;
using testing::Not;

class App : public notes::NotesTest {};

TEST_F(App, AnswersUnknownPathsAndMethods) {
    EXPECT_EQ(client.get("/nothing").status, 404);
    const auto reply = client.put("/notes", boost::json::object());
    EXPECT_EQ(reply.status, 405);
    EXPECT_EQ(reply.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
}

TEST_F(App, RefusesTraceLikeAnyMethodThatIsNotServed) {
    const auto reply = client.send({.method = web::Method::kTrace, .target = "/notes"});
    EXPECT_EQ(reply.status, 405);
    EXPECT_EQ(reply.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(client.send({.method = web::Method::kTrace, .target = "/nothing"}).status, 404);
}

TEST_F(App, AnswersHeadAndOptionsByItself) {
    EXPECT_EQ(client.send({.method = web::Method::kHead, .target = "/notes"}).status, 200);
    const auto reply = client.send({.method = web::Method::kOptions, .target = "/notes/1"});
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.header("Allow"), "GET, HEAD, PATCH, DELETE, OPTIONS");
    EXPECT_EQ(client.send({.method = web::Method::kOptions, .target = "/nothing"}).status, 404);
}

TEST_F(App, AnswersOptionsOfTheWholeServer) {
    const auto reply = client.send({.method = web::Method::kOptions, .target = "*"});
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.header("Allow"), "");
}

TEST_F(App, RefusesClientsThatDoNotAcceptJson) {
    EXPECT_EQ(client.get("/notes", {{"Accept", "text/html"}}).status, 406);
    EXPECT_EQ(client.get("/notes", {{"Accept", "text/html, */*;q=0.1"}}).status, 200);
}

TEST_F(App, ServesAPathThatKeepsItsPrefix) {
    EXPECT_EQ(client.get("/api/notes").status, 200);
    EXPECT_EQ(client.get("/apinotes").status, 404);
    EXPECT_EQ(client.post("/api/notes", {{"text", "a"}}).header("Location"), "/api/notes/1");
}

TEST_F(App, LinksBehindTheGatewaysPrefix) {
    const auto location = [this](std::string prefix) {
        return client.post("/notes", {{"text", "a"}}, {{"X-Forwarded-Prefix", std::move(prefix)}})
            .header("Location");
    };
    EXPECT_EQ(location("/shop"), "/shop/notes/1");
    EXPECT_EQ(location("/shop/"), "/shop/notes/2");
    EXPECT_EQ(location("//evil.example"), "/notes/3");
    EXPECT_EQ(location("/a\r\nX: y"), "/notes/4");
}

TEST_F(App, NamesTheInstanceAsTheClientKnowsIt) {
    const auto instance = [this](std::string target, web::Headers headers = {}) {
        return client.get(std::move(target), std::move(headers)).json().at("instance");
    };
    EXPECT_EQ(instance("/notes/7"), "/notes/7");
    EXPECT_EQ(instance("/api/notes/7"), "/api/notes/7");
    EXPECT_EQ(instance("/notes/7", {{"X-Forwarded-Prefix", "/api"}}), "/api/notes/7");
    EXPECT_EQ(instance("/nothing", {{"X-Forwarded-Prefix", "/api"}}), "/api/nothing");
    EXPECT_EQ(instance("/notes/0?x=1"), "/notes/0");
}

TEST_F(App, HidesWhatWentWrongInside) {
    fake.failure = std::make_exception_ptr(std::runtime_error("secret table is broken"));
    const auto reply = client.post("/notes", {{"text", "a"}});
    EXPECT_EQ(reply.status, 500);
    EXPECT_THAT(reply.body, Not(HasSubstr("secret")));
    EXPECT_EQ(reply.json().at("trace_id").as_string().size(), 32U);
}

TEST_F(App, SaysWhenToComeBackWhileADependencyIsAway) {
    fake.failure = std::make_exception_ptr(base::Unavailable(
        "no route to the host", base::Outcome::kNotDone, std::chrono::seconds(3)));
    const auto reply = client.post("/notes", {{"text", "a"}});
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("Retry-After"), "3");
    EXPECT_THAT(reply.body, Not(HasSubstr("host")));
}

TEST_F(App, DoesNotAskForARepetitionOfWhatMayHaveBeenDone) {
    fake.failure = std::make_exception_ptr(base::Unavailable("cut off", base::Outcome::kUnknown));
    const auto write = client.post("/notes", {{"text", "a"}});
    EXPECT_EQ(write.status, 503);
    EXPECT_EQ(write.header("Retry-After"), "");
    EXPECT_THAT(write.body, HasSubstr("may have been carried out"));
    // To read once more does no harm.
    const auto read = client.get("/notes/1");
    EXPECT_EQ(read.status, 503);
    EXPECT_EQ(read.header("Retry-After"), "1");
}

struct Duplicate : std::runtime_error, base::Conflict {
    using std::runtime_error::runtime_error;
};

TEST_F(App, AnswersAConflictWithWhatIsStored) {
    fake.failure = std::make_exception_ptr(Duplicate("key (text)=(secret) exists"));
    const auto reply = client.post("/notes", {{"text", "a"}});
    EXPECT_EQ(reply.status, 409);
    EXPECT_THAT(reply.body, Not(HasSubstr("secret")));
}

TEST_F(App, ContinuesTheCallersTrace) {
    const auto reply = client.get(
        "/nothing", {{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}});
    EXPECT_EQ(reply.json().at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_FALSE(base::current_context().valid());
}

TEST_F(App, CountsByRouteTemplate) {
    (void)client.get("/notes/1");
    (void)client.get("/notes/2");
    (void)client.get("/no/such/path");
    const auto metrics = registry.render();
    EXPECT_THAT(metrics,
                HasSubstr("http_server_requests_total{method=\"GET\",route=\"/notes/{id}\","
                          "status=\"404\"} 2"));
    EXPECT_THAT(metrics, HasSubstr("route=\"unmatched\",status=\"404\"} 1"));
    EXPECT_THAT(metrics, HasSubstr("http_server_active_requests 0"));
    EXPECT_THAT(metrics, Not(HasSubstr("such")));
}

TEST_F(App, HasABoundedNumberOfSeriesWhateverClientsSend) {
    const auto series = [this] {
        const auto text = registry.render();
        return std::ranges::count(text, '\n');
    };
    const auto send_everything = [this](const std::string& id) {
        for (const auto method :
             {web::Method::kGet, web::Method::kHead, web::Method::kPost, web::Method::kPut,
              web::Method::kPatch, web::Method::kDelete, web::Method::kOptions}) {
            for (const auto* path : {"/notes/", "/nothing/", "/notes/%zz", "/no%0Ate/", "//"}) {
                (void)client.send({.method = method,
                                   .target = path + id + "?q=" + id,
                                   .headers = {{"Host", id}, {"X-Forwarded-Prefix", "/" + id}}});
            }
        }
    };
    send_everything("1");
    const auto before = series();
    for (int i = 2; i < 50; ++i)
        send_everything(std::to_string(i));
    EXPECT_EQ(series(), before);
}

TEST_F(App, CountsHeadApartFromTheGetThatServesIt) {
    (void)client.get("/notes");
    (void)client.send({.method = web::Method::kHead, .target = "/notes"});
    (void)client.send({.method = web::Method::kHead, .target = "/notes"});
    const auto metrics = registry.render();
    for (const std::string counted : {"{method=\"GET\",route=\"/notes\",status=\"200\"} 1",
                                      "{method=\"HEAD\",route=\"/notes\",status=\"200\"} 2"}) {
        EXPECT_THAT(metrics, HasSubstr("http_server_requests_total" + counted));
    }
    EXPECT_THAT(metrics, HasSubstr("http_server_request_duration_seconds_count{method=\"HEAD\","
                                   "route=\"/notes\"} 2"));
}

TEST_F(App, CountsWhatTheTransportRefused) {
    const auto response = app.refuse(413, "The body is too large.");
    EXPECT_EQ(response.status, 413);
    EXPECT_THAT(response.body, HasSubstr("The body is too large."));
    EXPECT_THAT(registry.render(), HasSubstr("status=\"413\"} 1"));
}

TEST_F(App, CannotBeExtendedOnceItServes) {
    (void)client.get("/notes");
    EXPECT_THROW(app.include(web::Router("/late")), std::logic_error);
    EXPECT_THROW(app.provide<notes::Notes>(fake), std::logic_error);
    EXPECT_THROW(app.observe(registry), std::logic_error);
    EXPECT_THROW(app.document(), std::logic_error);
}

TEST_F(App, LogsWhyTheTransportRefused) {
    std::vector<boost::json::object> lines;
    telemetry::log::configure({.service = "notes", .sink = [&](std::string_view line) {
                                   lines.push_back(boost::json::parse(line).as_object());
                               }});
    const auto body = app.refuse(413, "The body is too large.").body;
    (void)app.refuse(500, "The server met an unexpected condition.");
    telemetry::log::flush();
    SetUpTestSuite();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].at("level"), "info");
    EXPECT_EQ(lines[0].at("status"), 413);
    EXPECT_EQ(lines[0].at("reason"), "The body is too large.");
    EXPECT_EQ(lines[0].at("bytes"), body.size());
    EXPECT_EQ(lines[1].at("level"), "error");
}

TEST(AppStart, RefusesAnUnprovidedDependency) {
    web::App app({.title = "Notes API", .version = "1"});
    app.include(notes::router());
    EXPECT_THROW(app.start(), std::logic_error);
}

}  // namespace
