// What takes too long ends: requests, idle connections, readers that do not read.
#include "server_fixture.hpp"

namespace web::testing {
namespace {

using std::chrono::milliseconds;

ServerConfig quick() {
    return {.header_timeout = milliseconds(80),
            .body_timeout = milliseconds(80),
            .idle_timeout = milliseconds(80),
            .write_timeout = milliseconds(80)};
}

TEST(Timeouts, EndAHeaderThatTricklesIn) {
    RunningServer server(quick());
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 20 && client.send("X: y\r\n"); ++i)
        std::this_thread::sleep_for(milliseconds(10));
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 408 "));
}

TEST(Timeouts, EndABodyThatDoesNotCome) {
    RunningServer server(quick());
    const auto reply =
        exchange(server.port(), "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 408 ")) << reply;
}

TEST(Timeouts, CloseAnIdleConnectionInSilence) {
    RunningServer server(quick());
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    client.read_until("GET /\n");
    EXPECT_TRUE(client.closes());
    RawConnection silent(server.port());
    EXPECT_TRUE(silent.closes());
    EXPECT_EQ(server.handler.refusals, 0);
}

TEST(Timeouts, LetTheApplicationTakeItsTime) {
    RunningServer server(quick());
    server.handler.slow_for = milliseconds(300);
    const auto reply =
        exchange(server.port(), "GET /slow HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(reply.ends_with("GET /slow\n")) << reply;
}

TEST(Timeouts, DropAPeerThatDoesNotRead) {
    RunningServer server(quick());
    RawConnection client(server.port());
    client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(eventually([&] { return server.handler.requests == 1; }));
    EXPECT_TRUE(eventually([&] { return server.server().active_connections() == 0; }));
}

}  // namespace
}  // namespace web::testing
