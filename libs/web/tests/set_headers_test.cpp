// Header fields that every answer of a group of endpoints carries.
#include <gtest/gtest.h>

#include <web/set_headers.hpp>

#include "notes_app.hpp"

namespace {

class SetHeaders : public notes::NotesTest {};

TEST_F(SetHeaders, ReplacesFieldsOfTheSameName) {
    app.use(std::make_shared<web::SetHeaders>(
        web::Headers{{"Referrer-Policy", "no-referrer"}, {"Content-Type", "text/plain"}}));
    const auto reply = client.get("/notes");
    EXPECT_EQ(reply.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(reply.header("Content-Type"), "text/plain");
}

TEST_F(SetHeaders, LeavesAloneWhatNoEndpointAnswers) {
    app.use(std::make_shared<web::SetHeaders>(web::Headers{{"Referrer-Policy", "no-referrer"}}));
    const auto reply = client.get("/nowhere");
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.header("Referrer-Policy"), "");
}

}  // namespace
