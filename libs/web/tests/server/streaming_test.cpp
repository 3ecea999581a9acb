// Streamed responses over a real connection: their framing, and how they end.
#include <mutex>
#include <utility>

#include <boost/asio/redirect_error.hpp>

#include <telemetry/log.hpp>

#include "server_fixture.hpp"

namespace web::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// Gives its pieces, then ends, fails, or waits to be stopped, as told.
class ScriptedStream : public BodyStream {
public:
    enum class Then { kEnd, kFail, kWait, kRepeat };
    ScriptedStream(std::vector<std::string> pieces, Then then, std::atomic<int>& stops)
        : pieces_(std::move(pieces)), then_(then), stops_(stops) {}

    base::Task<std::optional<std::string>> next() override {
        if (at_ < pieces_.size()) co_return pieces_[at_++];
        if (then_ == Then::kFail) throw std::runtime_error("the query broke off");
        if (then_ == Then::kRepeat && !stopped_) co_return pieces_.back();
        if (then_ != Then::kWait) co_return std::nullopt;
        timer_.emplace(co_await boost::asio::this_coro::executor);
        timer_->expires_after(std::chrono::hours(1));
        boost::system::error_code ignored;
        if (!stopped_) {
            co_await timer_->async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
        if (!std::exchange(said_goodbye_, true)) co_return "bye";
        co_return std::nullopt;
    }
    void stop() noexcept override {
        ++stops_;
        stopped_ = true;
        if (timer_) timer_->cancel();
    }

private:
    std::vector<std::string> pieces_;
    std::size_t at_ = 0;
    Then then_;
    std::atomic<int>& stops_;
    std::optional<boost::asio::steady_timer> timer_;
    bool stopped_ = false;
    bool said_goodbye_ = false;
};

class StreamHandler : public EchoHandler {
public:
    base::Task<Response> handle(Request request) override {
        using Then = ScriptedStream::Then;
        const auto path = std::string(request.path());
        if (path == "/echo") co_return co_await EchoHandler::handle(std::move(request));
        ++requests;
        const auto then = path == "/fail"    ? Then::kFail
                          : path == "/wait"  ? Then::kWait
                          : path == "/flood" ? Then::kRepeat
                                             : Then::kEnd;
        std::vector<std::string> pieces{"first\n", std::string(30, 'x')};
        if (then == Then::kRepeat) pieces = {std::string(256UL * 1024, 'y')};
        Response response{.headers = {{"Content-Type", "text/plain"}}};
        response.stream = std::make_shared<ScriptedStream>(std::move(pieces), then, stops);
        co_return response;
    }
    std::atomic<int> stops = 0;
};

using StreamServer = BasicRunningServer<StreamHandler>;

const std::string kBody = "6\r\nfirst\n\r\n1e\r\n" + std::string(30, 'x') + "\r\n0\r\n\r\n";

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

TEST(Streaming, SendsChunksAndKeepsTheConnection) {
    StreamServer server;
    RawConnection client(server.port());
    client.send(get("/"));
    const auto reply = client.read_until("0\r\n\r\n");
    EXPECT_THAT(reply, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT_THAT(reply, Not(HasSubstr("Content-Length")));
    EXPECT_THAT(reply, EndsWith("\r\n\r\n" + kBody));
    client.send(get("/"));
    EXPECT_THAT(client.read_until("0\r\n\r\n"), EndsWith(kBody));
    EXPECT_EQ(server.handler.stops, 0);
}

TEST(Streaming, ServesTheRequestsThatCameMeanwhile) {
    StreamServer server;
    RawConnection client(server.port());
    client.send(get("/") + get("/") + get("/echo"));
    EXPECT_THAT(client.read_until("0\r\n\r\n"), EndsWith(kBody));
    EXPECT_THAT(client.read_until("0\r\n\r\n"), EndsWith(kBody));
    EXPECT_THAT(client.read_until("GET /echo\n"), EndsWith("GET /echo\n"));
}

TEST(Streaming, EndsWithTheConnectionInHttp10) {
    StreamServer server;
    const auto reply = exchange(server.port(), "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(reply, Not(HasSubstr("chunked")));
    EXPECT_THAT(reply, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(reply, EndsWith("\r\n\r\nfirst\n" + std::string(30, 'x')));
}

TEST(Streaming, AnswersHeadWithoutABody) {
    StreamServer server;
    RawConnection client(server.port());
    client.send("HEAD /wait HTTP/1.1\r\nHost: h\r\n\r\n" + get("/echo"));
    const auto reply = client.read_until("GET /echo\n");
    EXPECT_THAT(reply, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT_THAT(reply, Not(HasSubstr("first")));
}

TEST(Streaming, BreaksOffWhatFailsAndLogsIt) {
    std::mutex mutex;
    std::string log;
    telemetry::log::configure({.service = "test", .sink = [&](std::string_view line) {
                                   const std::lock_guard lock(mutex);
                                   log += line;
                               }});
    StreamServer server;
    RawConnection client(server.port());
    client.send(get("/fail"));
    const auto reply = client.read_all();
    EXPECT_THAT(reply, HasSubstr("first\n"));
    EXPECT_THAT(reply, Not(HasSubstr("0\r\n\r\n")));
    EXPECT_THAT(exchange(server.port(), "GET /fail HTTP/1.0\r\n\r\n"), HasSubstr("<reset>"));
    telemetry::log::flush();
    const std::lock_guard lock(mutex);
    EXPECT_THAT(log, HasSubstr("the query broke off"));
    telemetry::log::configure({});
}

TEST(Streaming, SendsThePiecesBeforeTheEndIsKnown) {
    StreamServer server;
    RawConnection client(server.port());
    client.send(get("/wait"));
    EXPECT_THAT(client.read_until("xx\r\n"), HasSubstr("6\r\nfirst\n\r\n"));
}

// The stream at hand is stopped, and the connection goes.
void expect_stopped(StreamServer& server) {
    EXPECT_TRUE(eventually([&] { return server.server().active_connections() == 0; }));
    EXPECT_GE(server.handler.stops, 1);
}

TEST(Streaming, StopsWhenAWaitingClientGoes) {
    StreamServer server;
    {
        RawConnection client(server.port());
        client.send(get("/wait"));
        client.read_until("xx\r\n");
        client.send(get("/echo"));  // sent before it went, and never answered
    }
    expect_stopped(server);
}

TEST(Streaming, DropsAClientThatDoesNotRead) {
    StreamServer server({.write_timeout = milliseconds(80)});
    RawConnection client(server.port());
    client.send(get("/flood"));
    EXPECT_TRUE(eventually([&] { return server.handler.requests == 1; }));
    expect_stopped(server);
}

TEST(Streaming, EndsInOrderWhenTheServerDrains) {
    StreamServer server;
    RawConnection client(server.port());
    client.send(get("/wait"));
    client.read_until("xx\r\n");
    EXPECT_EQ(server.drain(milliseconds(3000)), 0);
    EXPECT_EQ(client.read_all(), "3\r\nbye\r\n0\r\n\r\n");
    EXPECT_EQ(server.handler.stops, 1);
}

TEST(Streaming, LeaksNothingWhenTheContextStops) {
    StreamServer server;
    RawConnection client(server.port());
    client.send(get("/wait"));
    client.read_until("xx\r\n");
}

}  // namespace
}  // namespace web::testing
