// Typed endpoints: extraction, validation and replies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notes_app.hpp"

namespace {

using notes::NotesTest;
using testing::ElementsAre;

std::vector<std::string> problems(const web::TestClient::Reply& reply) {
    std::vector<std::string> lines;
    const auto document = reply.json();
    for (const auto& error : document.at("errors").as_array()) {
        lines.push_back(boost::json::value_to<std::string>(error.at("in")) + " " +
                        boost::json::value_to<std::string>(error.at("pointer")) + " " +
                        boost::json::value_to<std::string>(error.at("code")));
    }
    return lines;
}

class Endpoint : public NotesTest {};

// A loop over the routes of a temporary must not outlive them.
static_assert(std::is_same_v<decltype(notes::router().routes()), std::vector<web::Route>>);

TEST_F(Endpoint, CreatesFromABody) {
    const auto reply = client.post("/notes", {{"text", " hello "}});
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(reply.body, R"({"id":1,"text":"hello","stars":null})");
    EXPECT_EQ(reply.header("Location"), "/notes/1");
    EXPECT_EQ(reply.header("ETag"), "\"v-hello\"");
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
}

TEST_F(Endpoint, ReportsEveryInvalidField) {
    const auto reply = client.post("/notes", {{"text", ""}, {"stars", "x"}, {"more", 1}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
    EXPECT_THAT(problems(reply), ElementsAre("body /text string_too_short", "body /stars int_type",
                                             "body /more unknown_field"));
    EXPECT_EQ(reply.json().at("title"), "Unprocessable Content");
    EXPECT_EQ(reply.json().at("instance"), "/notes");
}

TEST_F(Endpoint, ReportsThePathTheQueryTheHeaderAndTheBodyTogether) {
    const auto reply = client.patch("/notes/0", {{"text", 7}}, {{"If-Match", "x"}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_THAT(problems(reply),
                ElementsAre("path /id greater_than_equal", "header /If-Match entity_tag",
                            "body /text string_type"));
    EXPECT_THAT(problems(client.get("/notes?limit=101&limitt=3&q=a&q=b")),
                ElementsAre("query /limit less_than_equal", "query /limitt unknown_field",
                            "query /q duplicate_field"));
}

TEST_F(Endpoint, RefusesIdsThatAreNone) {
    for (const auto* id : {"99999999999999999999", "-1", "1.5", "x", "%201", "0"}) {
        EXPECT_EQ(client.get(std::string("/notes/") + id).status, 422) << id;
    }
}

TEST_F(Endpoint, SaysWhereABodyStopsBeingJson) {
    const auto reply = client.send({.method = web::Method::kPost,
                                    .target = "/notes",
                                    .headers = {{"Content-Type", "application/json"}},
                                    .body = "{\"text\": }"});
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(boost::json::value_to<std::string>(reply.json().at("detail")),
                testing::HasSubstr("line 1, column 10"));
}

TEST_F(Endpoint, RefusesAnEmptyBody) {
    EXPECT_EQ(client.send({.method = web::Method::kPost, .target = "/notes"}).status, 400);
}

TEST_F(Endpoint, RefusesOtherMediaTypes) {
    EXPECT_EQ(client.post("/notes", {{"text", "a"}}, {{"Content-Type", "text/plain"}}).status, 415);
    EXPECT_EQ(
        client.post("/notes", {{"text", "a"}}, {{"Content-Type", "application/merge-patch+json"}})
            .status,
        415);
    EXPECT_EQ(
        client
            .patch("/notes/1", {{"text", "a"}}, {{"Content-Type", "application/merge-patch+json"}})
            .status,
        200);
}

TEST_F(Endpoint, TellsAbsentFromNullInAPatch) {
    EXPECT_EQ(client.patch("/notes/1", {{"stars", nullptr}}).body, R"({"stars":null})");
    EXPECT_EQ(client.patch("/notes/1", boost::json::object()).body, "{}");
}

TEST_F(Endpoint, AnswersAnExpectedFailureAsAProblem) {
    const auto reply = client.get("/notes/1");
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.json().at("detail"), "There is no such note.");
    EXPECT_FALSE(reply.json().as_object().contains("errors"));
}

TEST_F(Endpoint, AnswersNotModifiedWhenTheTagIsCurrent) {
    (void)client.post("/notes", {{"text", "a"}});
    EXPECT_EQ(client.get("/notes/1", {{"If-None-Match", "\"v-b\""}}).status, 200);
    const auto reply = client.get("/notes/1", {{"If-None-Match", "W/\"v-a\""}});
    EXPECT_EQ(reply.status, 304);
    EXPECT_EQ(reply.body, "");
    EXPECT_EQ(reply.header("ETag"), "\"v-a\"");
}

TEST_F(Endpoint, AnswersPreconditionFailedWhenTheVersionIsAnother) {
    (void)client.post("/notes", {{"text", "a"}});
    EXPECT_EQ(client.get("/notes/1", {{"If-Match", "\"v-a\""}}).status, 200);
    EXPECT_EQ(client.get("/notes/1", {{"If-Match", "\"v-b\""}}).status, 412);
    EXPECT_EQ(client.get("/notes/1", {{"If-Match", "W/\"v-a\""}}).status, 412);
    EXPECT_EQ(
        client.get("/notes/1", {{"If-Match", "\"v-b\""}, {"If-None-Match", "\"v-a\""}}).status,
        412);
}

TEST_F(Endpoint, TakesDefaultsFromTheQueryType) {
    EXPECT_EQ(client.get("/notes").json().at("limit"), 20);
    EXPECT_EQ(client.get("/notes?limit=7").json().at("limit"), 7);
    EXPECT_EQ(client.get("/notes?q=%zz").status, 400);
    EXPECT_EQ(client.get("/notes?q=%FF").status, 422);
}

TEST_F(Endpoint, AnswersNoContent) {
    const auto reply = client.del("/notes/1");
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.body, "");
}

}  // namespace
