// Bodies of more than most requests may have, where the handler allows them.
#include "server_fixture.hpp"

namespace web::testing {
namespace {

using std::chrono::milliseconds;

/// Allows 3,000 bytes for /large; everything else has the server's limit.
class Uploads : public EchoHandler {
public:
    std::optional<std::size_t> max_body_bytes(const Request& request) override {
        if (request.path() != "/upload") return std::nullopt;
        return 3000;
    }
};
using UploadServer = BasicRunningServer<Uploads>;

ServerConfig small() {
    return {.max_body_bytes = 1000, .max_large_bodies = 1, .body_timeout = milliseconds(2000)};
}

std::string head(std::string_view path, std::size_t length) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " +
           std::to_string(length) + "\r\n\r\n";
}
std::string chunked(std::string_view path, std::size_t chunks) {
    auto text = "POST " + std::string(path) +
                " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < chunks; ++i)
        text += "3e8\r\n" + std::string(1000, 'x') + "\r\n";
    return text + "0\r\n\r\n";
}

TEST(LargeBodies, AreForTheirPathsOnly) {
    UploadServer server(small());
    const auto upload = exchange(server.port(), head("/upload", 3000) + std::string(3000, 'x'));
    EXPECT_TRUE(upload.ends_with("POST /upload\n" + std::string(3000, 'x'))) << upload;
    const auto other = exchange(server.port(), head("/", 1001));
    EXPECT_TRUE(other.starts_with("HTTP/1.1 413 ")) << other;
    EXPECT_TRUE(other.ends_with("The request body has more than 1000 bytes.")) << other;
}

TEST(LargeBodies, HaveALimitToo) {
    UploadServer server(small());
    const auto reply = exchange(server.port(), head("/upload", 3001));
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 413 ")) << reply;
    EXPECT_TRUE(reply.ends_with("The request body has more than 3000 bytes.")) << reply;
}

TEST(LargeBodies, MayComeInChunks) {
    UploadServer server(small());
    EXPECT_TRUE(exchange(server.port(), chunked("/upload", 3)).ends_with(std::string(3000, 'x')));
    EXPECT_TRUE(exchange(server.port(), chunked("/upload", 4)).starts_with("HTTP/1.1 413 "));
    EXPECT_TRUE(exchange(server.port(), chunked("/", 2)).starts_with("HTTP/1.1 413 "));
}

TEST(LargeBodies, AreFewAtATime) {
    UploadServer server(small());
    RawConnection first(server.port());
    first.send(
        "POST /upload HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
        "Content-Length: 3000\r\n\r\n");
    EXPECT_TRUE(first.read_until("\r\n\r\n").starts_with("HTTP/1.1 100 "));
    EXPECT_TRUE(exchange(server.port(), head("/upload", 3000)).starts_with("HTTP/1.1 503 "));
    // A usual one is none of them.
    EXPECT_TRUE(exchange(server.port(), head("/upload", 10) + std::string(10, 'x'))
                    .starts_with("HTTP/1.1 200 "));
    first.send(std::string(3000, 'x'));
    EXPECT_TRUE(first.read_until(std::string(3000, 'x')).starts_with("HTTP/1.1 200 "));
    // The connection is still open; the place is free.
    EXPECT_TRUE(exchange(server.port(), head("/upload", 3000) + std::string(3000, 'x'))
                    .starts_with("HTTP/1.1 200 "));
}

TEST(LargeBodies, GiveUpTheirPlaceWithTheirClient) {
    UploadServer server(small());
    {
        RawConnection first(server.port());
        first.send(head("/upload", 3000) + std::string(2000, 'x'));
        EXPECT_TRUE(eventually([&] { return server.server().active_connections() == 1; }));
    }
    EXPECT_TRUE(eventually([&] { return server.server().active_connections() == 0; }));
    EXPECT_TRUE(exchange(server.port(), head("/upload", 3000) + std::string(3000, 'x'))
                    .starts_with("HTTP/1.1 200 "));
}

TEST(LargeBodies, MayTakeLongerButNotStop) {
    auto config = small();
    config.body_timeout = milliseconds(1500);
    UploadServer server(config);
    RawConnection client(server.port());
    client.send(head("/upload", 3000));
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(milliseconds(600));
        client.send(std::string(1000, 'x'));
    }
    EXPECT_TRUE(client.read_until(std::string(3000, 'x')).starts_with("HTTP/1.1 200 "));

    RawConnection stalled(server.port());
    stalled.send(head("/upload", 3000) + std::string(1500, 'x'));
    EXPECT_TRUE(stalled.read_until("\r\n\r\n").starts_with("HTTP/1.1 408 "));
}

}  // namespace
}  // namespace web::testing
