#include <regex>

#include <gtest/gtest.h>

#include <web/etag.hpp>

#include "notes_app.hpp"

namespace {

class OpenApi : public notes::NotesTest {
protected:
    boost::json::object document() { return app.openapi(); }
    boost::json::value at(std::string_view pointer) {
        return boost::json::value(document()).at_pointer(pointer);
    }
};

TEST_F(OpenApi, StatesEachEndpointOnce) {
    EXPECT_EQ(at("/openapi"), "3.1.0");
    EXPECT_EQ(at("/info/title"), "Notes API");
    EXPECT_EQ(at("/paths/~1notes/post/operationId"), "create_note");
    EXPECT_EQ(at("/paths/~1notes/post/tags/0"), "notes");
    EXPECT_EQ(at("/paths/~1notes~1{id}/patch/summary"), "Change a note");
    EXPECT_FALSE(document().at("paths").as_object().contains("/openapi.json"));
}

TEST_F(OpenApi, DerivesConstraintsFromTheTypes) {
    EXPECT_EQ(at("/components/schemas/NoteCreate/properties/text/maxLength"), 20);
    EXPECT_EQ(at("/paths/~1notes~1{id}/get/parameters/0/schema/minimum"), 1);
    EXPECT_EQ(at("/paths/~1notes/get/parameters/0/schema/default"), 20);
    EXPECT_EQ(at("/paths/~1notes/get/parameters/0/required"), false);
    EXPECT_EQ(at("/paths/~1notes/get/parameters/1/schema/type"), "string");
}

TEST_F(OpenApi, StatesWhatAnEntityTagLooksLike) {
    const auto if_match = at("/paths/~1notes~1{id}/patch/parameters/1");
    ASSERT_EQ(if_match.at("name"), "If-Match");
    const std::regex pattern(std::string(if_match.at_pointer("/schema/pattern").as_string()));
    for (const std::string text : {"*", R"("a")", R"(W/"a")", R"("", "b,c" ,W/"d")"}) {
        EXPECT_TRUE(std::regex_match(text, pattern)) << text;
        EXPECT_TRUE(web::parse_entity_tags(text)) << text;
    }
    std::string many = R"("a")";
    for (int i = 0; i < 32; ++i)
        many += R"(,"a")";
    for (const std::string& text :
         std::vector<std::string>{"", "a", R"("a b")", R"("a" "b")", R"(*, "a")", many}) {
        EXPECT_FALSE(std::regex_match(text, pattern)) << text;
        EXPECT_FALSE(web::parse_entity_tags(text)) << text;
    }
}

TEST_F(OpenApi, ListsEveryAnswer) {
    const auto answers = [this](std::string_view pointer) {
        std::string statuses;
        const auto responses = at(pointer);
        for (const auto& entry : responses.as_object()) {
            statuses.append(entry.key()).append(" ");
        }
        return statuses;
    };
    EXPECT_EQ(answers("/paths/~1notes/post/responses"), "201 400 406 413 415 422 500 503 ");
    EXPECT_EQ(answers("/paths/~1notes~1{id}/get/responses"),
              "200 304 400 404 406 412 422 500 503 ");
    EXPECT_EQ(answers("/paths/~1notes~1{id}/delete/responses"), "204 400 406 422 500 503 ");
    EXPECT_EQ(at("/components/responses/NotFound/content/application~1problem+json/schema/$ref"),
              "#/components/schemas/Problem");
}

TEST_F(OpenApi, IsServedForTheAddressThatItWasAskedAt) {
    EXPECT_EQ(client.get("/openapi.json").json().at_pointer("/servers/0/url"), "/");
    EXPECT_EQ(client.get("/api/openapi.json").json().at_pointer("/servers/0/url"), "/api");
    EXPECT_EQ(client.get("/openapi.json", {{"X-Forwarded-Prefix", "/v2"}})
                  .json()
                  .at_pointer("/servers/0/url"),
              "/v2");
}

}  // namespace
