// The name of a request that client and service share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notes_app.hpp"

namespace {

class RequestId : public notes::NotesTest {
protected:
    web::App named{{.title = "Notes API", .version = "1", .request_ids = true}};
    web::TestClient asker{named};
    RequestId() { named.include(notes::router()).provide<notes::Notes>(fake); }
};

TEST_F(RequestId, IsTheClientsOwn) {
    const auto reply = asker.get("/notes", {{"X-Request-ID", "order-17.retry:2"}});
    EXPECT_EQ(reply.header("X-Request-ID"), "order-17.retry:2");
}

TEST_F(RequestId, IsTheTraceIdWhereTheClientHasNoUsableOne) {
    for (const auto& wrong : {std::string(), std::string("a b"), std::string("a\r\nX: y"),
                              std::string("\xc3\xa9"), std::string(129, 'a')}) {
        const auto reply = asker.get("/nothing", {{"X-Request-ID", wrong}});
        EXPECT_EQ(reply.header("X-Request-ID"), reply.json().at("trace_id").as_string()) << wrong;
    }
}

TEST_F(RequestId, IsLogged) {
    std::vector<std::string> lines;
    telemetry::log::configure(
        {.service = "notes", .sink = [&](std::string_view line) { lines.emplace_back(line); }});
    (void)asker.get("/notes", {{"X-Request-ID", "mine"}});
    (void)client.get("/notes", {{"X-Request-ID", "mine"}});
    telemetry::log::flush();
    SetUpTestSuite();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_THAT(lines[0], testing::HasSubstr(R"("request_id":"mine")"));
    EXPECT_THAT(lines[1], testing::Not(testing::HasSubstr("request_id")));
}

TEST_F(RequestId, IsNotAnsweredUnlessAskedFor) {
    EXPECT_EQ(client.get("/notes", {{"X-Request-ID", "mine"}}).header("X-Request-ID"), "");
}

}  // namespace
