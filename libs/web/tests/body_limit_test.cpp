// A limit of its own for a group of endpoints.
#include <gtest/gtest.h>

#include <web/body_limit.hpp>

#include "notes_app.hpp"

namespace {

class BodyLimit : public notes::NotesTest {};

TEST_F(BodyLimit, RefusesMoreAndLetsTheRestPass) {
    app.use(std::make_shared<web::BodyLimit>(14));
    EXPECT_EQ(client.post("/notes", {{"text", "abc"}}).status, 201);  // 14 bytes
    const auto reply = client.post("/notes", {{"text", "abcd"}});
    EXPECT_EQ(reply.status, 413);
    EXPECT_EQ(reply.json().at("detail"), "The request body has more than 14 bytes.");
    EXPECT_EQ(fake.stored.size(), 1U);
}

TEST_F(BodyLimit, TellsTheTransportTheInnermostOfARoute) {
    web::Router uploads("/uploads");
    uploads.raw(web::Method::kPost, "/",
                [](web::Exchange&) { return web::completed(web::Response{.status = 204}); });
    uploads.use(std::make_shared<web::BodyLimit>(2000));
    app.use(std::make_shared<web::BodyLimit>(1000)).include(uploads);
    const auto limit = [this](std::string target, web::Method method = web::Method::kPost) {
        return app.max_body_bytes({.method = method, .target = std::move(target)});
    };
    EXPECT_EQ(limit("/uploads?dry_run=true"), 2000);
    EXPECT_EQ(limit("/notes"), 1000);
    EXPECT_EQ(limit("/nothing"), std::nullopt);
    EXPECT_EQ(limit("/uploads", web::Method::kPut), std::nullopt);
}

TEST_F(BodyLimit, IsDocumented) {
    app.use(std::make_shared<web::BodyLimit>(14));
    const boost::json::value document = app.openapi();
    const auto& post = document.at_pointer("/paths/~1notes/post");
    EXPECT_EQ(post.at_pointer("/requestBody/description"), "At most 14 bytes.");
    EXPECT_TRUE(post.at("responses").as_object().contains("413"));
}

}  // namespace
