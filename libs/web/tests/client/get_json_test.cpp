#include <web/get_json.hpp>

#include "scripted_peer.hpp"

namespace web::testing {
namespace {

using ::testing::HasSubstr;
using Kind = AnswerError::Kind;

struct Part {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Part, (), (name))

struct Whole {
    std::int64_t count = 0;
    std::vector<Part> parts;
    std::optional<Part> best;
};
BOOST_DESCRIBE_STRUCT(Whole, (), (count, parts, best))

std::string with(std::string_view status, std::string_view body) {
    return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

std::expected<Whole, AnswerError> ask(const std::string& answer) {
    ScriptedPeer peer({{answer}});
    boost::asio::io_context context;
    Client client({.base_url = peer.url()}, std::array{&context});
    auto result =
        boost::asio::co_spawn(context, get_json<Whole>(client, "/whole"), boost::asio::use_future);
    context.run();
    return result.get();
}

TEST(GetJson, ReadsTheAnswerAsAType) {
    const auto whole = ask(
        with("200 OK", R"({"count": 9007199254740993, "parts": [{"name": "a"}], "best": null})"));
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->count, 9'007'199'254'740'993);
    ASSERT_EQ(whole->parts.size(), 1U);
    EXPECT_EQ(whole->parts[0].name, "a");
    EXPECT_FALSE(whole->best);
}

TEST(GetJson, PassesOverWhatItDoesNotKnow) {
    const auto whole = ask(with("200 OK", R"({"count": 1, "later": {"a": [1]},
        "parts": [{"name": "a", "later": true}], "best": {"name": "b", "later": 1}})"));
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->best->name, "b");
}

TEST(GetJson, SaysThatAPeerIsAway) {
    for (const auto* status : {"429 Too Many Requests", "500 Oops", "503 Service Unavailable"}) {
        const auto whole = ask(with(status, "{}"));
        ASSERT_FALSE(whole);
        EXPECT_EQ(whole.error().kind, Kind::kAway) << status;
        EXPECT_EQ(whole.error().message, "status " + std::string(status).substr(0, 3));
    }
    const auto whole = ask("");
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().kind, Kind::kAway);
    EXPECT_THAT(whole.error().message, HasSubstr("closed the connection"));
}

TEST(GetJson, SaysThatTheRequestIsRefused) {
    for (const auto* status : {"404 Not Found", "422 Unprocessable Content", "301 Moved"}) {
        const auto whole = ask(with(status, "{}"));
        ASSERT_FALSE(whole);
        EXPECT_EQ(whole.error().kind, Kind::kRefused) << status;
    }
}

TEST(GetJson, SaysWhatCannotBeRead) {
    const auto message = [](std::string_view body) {
        const auto whole = ask(with("200 OK", body));
        EXPECT_FALSE(whole);
        EXPECT_EQ(whole.error().kind, Kind::kUnreadable) << body;
        return whole.error().message;
    };
    EXPECT_THAT(message("<html>"), HasSubstr("line 1, column 1: "));
    const auto issues = message(R"({"count": "x", "parts": [{}]})");
    EXPECT_THAT(issues, HasSubstr("/count: "));
    EXPECT_THAT(issues, HasSubstr("; /parts/0/name: "));
}

}  // namespace
}  // namespace web::testing
