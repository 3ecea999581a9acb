// The client against a peer that follows a script, byte by byte: what our own server never does.
#include "scripted_peer.hpp"

namespace web::testing {
namespace {

using ::testing::HasSubstr;

Response get(const std::string& answer) {
    ScriptedPeer peer({{answer}});
    boost::asio::io_context context;
    Client client({.base_url = peer.url()}, std::array{&context});
    return call(context, client.get("/"));
}

std::string failure(const std::string& answer) {
    try {
        return "status " + std::to_string(get(answer).status);
    } catch (const ClientError& error) {
        return error.what();
    }
}

TEST(Client, ReadsAChunkedResponse) {
    const auto reply =
        get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n");
    EXPECT_EQ(reply.body, "abcde");
    EXPECT_FALSE(reply.headers.find("Trailer"));
}

TEST(Client, ReadsAResponseThatEndsWithTheConnection) {
    EXPECT_EQ(get("HTTP/1.0 200 OK\r\n\r\nto the end").body, "to the end");
}

TEST(Client, PassesOverInterimResponses) {
    const auto reply =
        get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + kOk);
    EXPECT_EQ(reply.body, "ok");
    EXPECT_FALSE(reply.headers.find("Link"));
}

TEST(Client, SaysWhatIsWrongWithAResponse) {
    EXPECT_THAT(failure("nonsense\r\n\r\n"), HasSubstr("/: the response is malformed"));
    EXPECT_THAT(failure("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"),
                HasSubstr("closed the connection before the end"));
    EXPECT_THAT(failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc"),
                HasSubstr("transfer coding"));
    EXPECT_THAT(failure("HTTP/1.1 101 Switching Protocols\r\n\r\n"), HasSubstr("protocol"));
    EXPECT_THAT(failure("HTTP/1.1 200 OK\r\nX: " + std::string(80'000, 'x') + "\r\n\r\n"),
                HasSubstr("response header"));
    EXPECT_THAT(failure(""), HasSubstr("no response: the peer closed the connection"));
}

TEST(Client, GivesUpOnAPeerThatNeverStopsHinting) {
    std::string answer;
    while (answer.size() < 70'000)
        answer += "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    EXPECT_THAT(failure(answer + kOk), HasSubstr("response header"));
}

TEST(Client, SendsAnIdempotentRequestOnceMoreWhenAKeptConnectionBreaks) {
    // The peer reads the second request of its first connection, then closes without an answer.
    ScriptedPeer peer({{kOk, ""}, {kOk}});
    boost::asio::io_context context;
    Client client({.base_url = peer.url()}, std::array{&context});
    EXPECT_EQ(call(context, client.get("/")).body, "ok");
    EXPECT_EQ(call(context, client.send({.method = Method::kPut, .target = "/"})).body, "ok");
    EXPECT_EQ(peer.requests, 3);
}

TEST(Client, NeverSendsAPostTwice) {
    ScriptedPeer peer({{kOk, ""}, {kOk}});
    boost::asio::io_context context;
    Client client({.base_url = peer.url()}, std::array{&context});
    (void)call(context, client.get("/"));
    EXPECT_THROW((void)call(context, client.send({.method = Method::kPost, .target = "/"})),
                 ClientError);
    EXPECT_EQ(peer.requests, 2);
}

TEST(Client, DoesNotRepeatARequestThatWasAnsweredInPart) {
    ScriptedPeer peer({{kOk, "HTTP/1.1 200 OK\r\nContent-"}, {kOk}});
    boost::asio::io_context context;
    Client client({.base_url = peer.url()}, std::array{&context});
    (void)call(context, client.get("/"));
    EXPECT_THROW((void)call(context, client.get("/")), ClientError);
    EXPECT_EQ(peer.requests, 2);
}

TEST(Client, DropsAConnectionThatHoldsMoreThanTheResponse) {
    ScriptedPeer peer({{kOk + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", kOk}, {kOk}});
    boost::asio::io_context context;
    Client client({.base_url = peer.url()}, std::array{&context});
    EXPECT_EQ(call(context, client.get("/")).body, "ok");
    EXPECT_EQ(call(context, client.get("/")).body, "ok");
}

TEST(Client, DropsAConnectionThatThePeerWillClose) {
    ScriptedPeer peer(
        {{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"}, {kOk}});
    boost::asio::io_context context;
    Client client({.base_url = peer.url()}, std::array{&context});
    EXPECT_EQ(call(context, client.get("/")).body, "ok");
    EXPECT_EQ(call(context, client.send({.method = Method::kPost, .target = "/"})).body, "ok");
}

}  // namespace
}  // namespace web::testing
