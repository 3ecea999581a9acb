// What a well-behaved client gets: framing, keep-alive, pipelining, the forms of a target.
#include "server_fixture.hpp"

namespace web::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kClose = "Connection: close\r\n\r\n";

std::string get(std::string_view target, std::string_view fields = kClose) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: here\r\n" + std::string(fields);
}

TEST(Server, AnswersAndCloses) {
    RunningServer server;
    const auto reply = exchange(server.port(), get("/a?b=c"));
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
    EXPECT_THAT(reply, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(reply, HasSubstr("\r\nContent-Length: 11\r\n"));
    EXPECT_THAT(reply, HasSubstr("\r\nDate: "));
    EXPECT_THAT(reply, HasSubstr("\r\nX-Peer: 127.0.0.1\r\n"));
    EXPECT_TRUE(reply.ends_with("\r\n\r\nGET /a?b=c\n")) << reply;
}

TEST(Server, KeepsTheConnectionOfHttp11) {
    RunningServer server;
    RawConnection client(server.port());
    for (int i = 0; i < 3; ++i) {
        client.send(get("/again", "\r\n"));
        const auto reply = client.read_until("GET /again\n");
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
        EXPECT_EQ(reply.find("Connection:"), std::string::npos) << reply;
    }
    EXPECT_EQ(server.server().active_connections(), 1);
}

TEST(Server, ClosesTheConnectionOfHttp10) {
    RunningServer server;
    const auto reply = exchange(server.port(), "GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
    EXPECT_THAT(reply, HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Server, KeepsTheConnectionOfHttp10OnRequest) {
    RunningServer server;
    RawConnection client(server.port());
    for (int i = 0; i < 2; ++i) {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_THAT(client.read_until("GET /\n"), HasSubstr("\r\nConnection: keep-alive\r\n"));
    }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    RunningServer server;
    RawConnection client(server.port());
    client.send(get("/slow", "\r\n") + get("/second", "\r\n") + get("/third"));
    EXPECT_TRUE(client.read_until("GET /slow\n").ends_with("GET /slow\n"));
    EXPECT_TRUE(client.read_until("GET /second\n").ends_with("GET /second\n"));
    EXPECT_TRUE(client.read_all().ends_with("GET /third\n"));
}

TEST(Server, ReadsARequestThatComesByteByByte) {
    RunningServer server;
    RawConnection client(server.port());
    const std::string request =
        "POST /slowly HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n";
    for (const char byte : request) {
        client.send({&byte, 1});
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    EXPECT_TRUE(client.read_all().ends_with("POST /slowly\nabc0123456789"));
}

TEST(Server, ReadsABodyOfKnownLength) {
    RunningServer server;
    const std::string body(300'000, 'b');
    const auto reply =
        exchange(server.port(), "PUT /up HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n" +
                                    std::string(kClose) + body);
    EXPECT_TRUE(reply.ends_with("PUT /up\n" + body));
}

TEST(Server, WritesALargeBody) {
    RunningServer server;
    const auto reply = exchange(server.port(), get("/large"));
    EXPECT_EQ(reply.size() - reply.find("\r\n\r\n") - 4, server.handler.large.size());
}

TEST(Server, AnswersHeadWithTheHeadersOfGet) {
    RunningServer server;
    const auto reply =
        exchange(server.port(), "HEAD /a HTTP/1.1\r\nHost: h\r\n" + std::string(kClose));
    EXPECT_THAT(reply, HasSubstr("\r\nContent-Length: 8\r\n"));
    EXPECT_TRUE(reply.ends_with("\r\n\r\n")) << reply;
}

TEST(Server, SendsNoBodyWhereThereIsNone) {
    RunningServer server;
    for (const auto* path : {"/empty", "/unchanged"}) {
        const auto reply = exchange(server.port(), get(path));
        EXPECT_EQ(reply.find("Content-Length"), std::string::npos) << reply;
        EXPECT_TRUE(reply.ends_with("\r\n\r\n")) << reply;
    }
}

TEST(Server, TakesTheTargetInItsAbsoluteForm) {
    RunningServer server;
    auto reply = exchange(server.port(), get("http://other:81/x?y"));
    EXPECT_THAT(reply, HasSubstr("\r\nX-Host: other:81\r\n"));
    EXPECT_TRUE(reply.ends_with("GET /x?y\n")) << reply;
    reply = exchange(server.port(), get("HTTP://other?y"));
    EXPECT_TRUE(reply.ends_with("GET /?y\n")) << reply;
}

TEST(Server, TakesTheAsteriskOfOptions) {
    RunningServer server;
    const auto reply =
        exchange(server.port(), "OPTIONS * HTTP/1.1\r\nHost: h\r\n" + std::string(kClose));
    EXPECT_TRUE(reply.ends_with("OPTIONS *\n")) << reply;
}

TEST(Server, IgnoresAnEmptyLineBeforeARequest) {
    RunningServer server;
    const auto reply = exchange(server.port(), "\r\n" + get("/a"));
    EXPECT_TRUE(reply.ends_with("GET /a\n")) << reply;
}

TEST(Server, TellsAClientThatWaitsToGoOn) {
    RunningServer server;
    RawConnection client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n" +
                std::string(kClose));
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    EXPECT_TRUE(client.read_all().ends_with("POST /\nbody"));
}

TEST(Server, DoesNotTellAClientToGoOnThatDid) {
    RunningServer server;
    const auto reply =
        exchange(server.port(),
                 "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n" +
                     std::string(kClose) + "body");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200")) << reply;
}

TEST(Server, RefusesABodyThatIsTooLargeBeforeItIsSent) {
    RunningServer server({.max_body_bytes = 3});
    RawConnection client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 413 "));
}

TEST(Server, AnswersAHandlerThatThrowsWith500) {
    RunningServer server;
    RawConnection client(server.port());
    for (const auto* path : {"/throw", "/split"}) {
        client.send(get(path, "\r\n"));
        const auto reply = client.read_until("condition.");
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 500 ")) << reply;
        EXPECT_EQ(reply.find("secret"), std::string::npos);
        EXPECT_EQ(reply.find("Set-Cookie"), std::string::npos);
    }
    client.send(get("/after"));
    EXPECT_TRUE(client.read_all().ends_with("GET /after\n"));
}

TEST(Server, SurvivesAClientThatLeavesBeforeItsAnswer) {
    RunningServer server;
    server.handler.slow_for = std::chrono::milliseconds(50);
    {
        RawConnection(server.port()).send(get("/slow", "\r\n"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    EXPECT_TRUE(exchange(server.port(), get("/a")).ends_with("GET /a\n"));
    EXPECT_EQ(server.handler.requests, 2);
}

TEST(Server, ServesManyConnectionsOnTwoThreads) {
    RunningServer server({}, 2);
    std::vector<std::jthread> clients;
    std::atomic<int> answers = 0;
    for (int c = 0; c < 8; ++c) {
        clients.emplace_back([&] {
            RawConnection client(server.port());
            for (int i = 0; i < 100; ++i) {
                client.send(get("/many", "\r\n"));
                if (client.read_until("GET /many\n").starts_with("HTTP/1.1 200 ")) ++answers;
            }
        });
    }
    clients.clear();
    EXPECT_EQ(answers, 800);
}

}  // namespace
}  // namespace web::testing
