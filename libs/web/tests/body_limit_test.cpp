// A limit below the server's, for a group of endpoints.
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
    EXPECT_EQ(reply.json().at("detail"), "The body has more than 14 bytes.");
    EXPECT_EQ(fake.stored.size(), 1U);
}

}  // namespace
