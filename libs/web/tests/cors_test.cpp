#include <gtest/gtest.h>

#include "notes_app.hpp"

namespace {

class Cors : public notes::NotesTest {};

TEST_F(Cors, LetsAnAllowedOriginRead) {
    const auto reply = client.get("/notes", {{"Origin", "https://good.example"}});
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "https://good.example");
    EXPECT_EQ(reply.header("Vary"), "Origin, Accept-Encoding");
    EXPECT_EQ(reply.header("Access-Control-Expose-Headers"), "ETag, Location, Retry-After");
}

TEST_F(Cors, GivesOthersNothing) {
    const auto reply = client.get("/notes", {{"Origin", "https://evil.example"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "");
}

TEST_F(Cors, AnswersAPreflight) {
    const auto preflight = [this](std::string origin) {
        return client.send({.method = web::Method::kOptions,
                            .target = "/notes/1",
                            .headers = {{"Origin", std::move(origin)},
                                        {"Access-Control-Request-Method", "PATCH"},
                                        {"Access-Control-Request-Headers", "if-match"}}});
    };
    const auto reply = preflight("https://good.example");
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.header("Access-Control-Allow-Methods"), "GET, HEAD, PATCH, DELETE, OPTIONS");
    EXPECT_EQ(reply.header("Access-Control-Allow-Headers"), "if-match");
    EXPECT_EQ(reply.header("Access-Control-Max-Age"), "600");
    EXPECT_EQ(preflight("https://evil.example").header("Access-Control-Allow-Methods"), "");
}

}  // namespace
