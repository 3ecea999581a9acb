// The client against our own server: what a service that calls another one sees.
#include <array>
#include <future>
#include <optional>

#include <base/context.hpp>
#include <base/spawn.hpp>
#include <web/client.hpp>

#include "../server/server_fixture.hpp"

namespace web::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

std::string url(std::uint16_t port, const std::string& prefix = "") {
    return "http://127.0.0.1:" + std::to_string(port) + prefix;
}

/// Runs one call to its end on a context that stays, so that its connection can be used again.
class Caller {
public:
    Response run(base::Task<Response> call) {
        std::future<Response> result =
            boost::asio::co_spawn(context_, std::move(call), boost::asio::use_future);
        context_.restart();
        context_.run();
        return result.get();
    }
    /// What the ClientError of a call says; empty when there was none.
    std::string failure(base::Task<Response> call) {
        try {
            (void)run(std::move(call));
        } catch (const ClientError& error) {
            return error.what();
        }
        return "";
    }
    boost::asio::io_context& context() { return context_; }
    [[nodiscard]] std::array<boost::asio::io_context*, 1> contexts() { return {&context_}; }

private:
    boost::asio::io_context context_;
};

TEST(Client, SendsAndReceives) {
    RunningServer server;
    Caller caller;
    Client client({.base_url = url(server.port(), "/prefix/")}, caller.contexts());
    auto reply = caller.run(client.get("/a?b=c"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "GET /prefix/a?b=c\n");
    EXPECT_EQ(reply.headers.find("x-host"), "127.0.0.1:" + std::to_string(server.port()));

    reply = caller.run(client.send({.method = Method::kPost, .target = "/", .body = "four"}));
    EXPECT_EQ(reply.body, "POST /prefix/\nfour");
    reply = caller.run(client.send({.method = Method::kHead, .target = "/"}));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "");
}

TEST(Client, TakesAnErrorStatusForAnAnswer) {
    RunningServer server;
    Caller caller;
    Client client({.base_url = url(server.port())}, caller.contexts());
    EXPECT_EQ(caller.run(client.get("/throw")).status, 500);
}

TEST(Client, ReusesItsConnection) {
    RunningServer server;
    Caller caller;
    Client client({.base_url = url(server.port())}, caller.contexts());
    for (int i = 0; i < 5; ++i)
        (void)caller.run(client.get("/"));
    EXPECT_EQ(server.server().active_connections(), 1);
}

TEST(Client, KeepsNoMoreConnectionsThanItMay) {
    RunningServer server;
    server.handler.slow_for = milliseconds(50);
    Caller caller;
    Client client({.base_url = url(server.port()), .max_idle_connections = 2}, caller.contexts());
    std::vector<std::future<Response>> calls;
    for (int i = 0; i < 6; ++i) {
        calls.push_back(
            boost::asio::co_spawn(caller.context(), client.get("/slow"), boost::asio::use_future));
    }
    caller.context().run();
    for (auto& call : calls)
        EXPECT_EQ(call.get().status, 200);
    EXPECT_TRUE(eventually([&] { return server.server().active_connections() == 2; }));
}

TEST(Client, NoticesThatAKeptConnectionWasClosed) {
    RunningServer server({.idle_timeout = milliseconds(20)});
    Caller caller;
    Client client({.base_url = url(server.port())}, caller.contexts());
    (void)caller.run(client.get("/"));
    EXPECT_TRUE(eventually([&] { return server.server().active_connections() == 0; }));
    // A POST is never sent twice: this one goes out on a new connection at once.
    EXPECT_EQ(caller.run(client.send({.method = Method::kPost, .target = "/"})).status, 200);
    EXPECT_EQ(server.handler.requests, 2);
}

TEST(Client, ReceivesALargeBodyUpToItsLimit) {
    RunningServer server;
    Caller caller;
    Client client({.base_url = url(server.port())}, caller.contexts());
    EXPECT_EQ(caller.run(client.get("/large")).body, server.handler.large);
    Client careful({.base_url = url(server.port()), .max_response_bytes = 1000}, caller.contexts());
    EXPECT_THAT(caller.failure(careful.get("/large")), HasSubstr("larger than 1000 bytes"));
}

TEST(Client, SendsALargeBody) {
    RunningServer server({.max_body_bytes = 8UL * 1024 * 1024});
    Caller caller;
    Client client({.base_url = url(server.port())}, caller.contexts());
    const std::string body(5UL * 1024 * 1024, 'b');
    const auto reply =
        caller.run(client.send({.method = Method::kPut, .target = "/", .body = body}));
    EXPECT_EQ(reply.body, "PUT /\n" + body);
}

TEST(Client, ReadsTheRefusalOfABodyThatIsTooLarge) {
    RunningServer server;
    Caller caller;
    Client client({.base_url = url(server.port())}, caller.contexts());
    const std::string body(2UL * 1024 * 1024, 'b');
    EXPECT_EQ(caller.run(client.send({.method = Method::kPut, .target = "/", .body = body})).status,
              413);
}

TEST(Client, GivesUpAtTheDeadline) {
    RunningServer server;
    server.handler.slow_for = milliseconds(1000);
    Caller caller;
    Client client({.base_url = url(server.port()), .timeout = milliseconds(100)},
                  caller.contexts());
    EXPECT_EQ(caller.failure(client.get("/slow?secret=1")),
              "GET " + url(server.port()) + "/slow: no complete response: the deadline passed");
}

TEST(Client, NamesWhoRefusedTheConnection) {
    std::uint16_t port = 0;
    {
        RunningServer gone;
        port = gone.port();
    }
    Caller caller;
    Client client({.base_url = url(port)}, caller.contexts());
    EXPECT_EQ(caller.failure(client.get("/a")),
              "GET " + url(port) + "/a: cannot connect: Connection refused");
}

TEST(Client, ResolvesNames) {
    RunningServer server;
    Caller caller;
    Client client({.base_url = "http://localhost:" + std::to_string(server.port())},
                  caller.contexts());
    EXPECT_EQ(caller.run(client.get("/")).status, 200);
    Client lost({.base_url = "http://does-not-exist.invalid"}, caller.contexts());
    EXPECT_THAT(caller.failure(lost.get("/")),
                HasSubstr("GET http://does-not-exist.invalid/: cannot look up the host"));
}

base::Task<Response> get_in_context(Client& client, base::TraceContext context,
                                    base::TraceContext* after) {
    const base::ContextScope scope(context);
    auto reply = co_await client.get("/slow");
    *after = base::current_context();
    co_return reply;
}

TEST(Client, PassesTheTraceOnAndKeepsIt) {
    RunningServer server;
    server.handler.slow_for = milliseconds(20);
    Caller caller;
    Client client({.base_url = url(server.port())}, caller.contexts());
    base::TraceContext first{.sampled = true};
    first.trace_id[15] = 1;
    first.span_id[7] = 9;
    auto second = first;
    second.trace_id[15] = 2;
    base::TraceContext after_first;
    base::TraceContext after_second;
    Response reply;
    base::spawn(caller.context(), get_in_context(client, first, &after_first),
                [&](const std::exception_ptr& failure, Response response) {
                    base::rethrow(failure);
                    reply = std::move(response);
                });
    base::spawn(caller.context(), get_in_context(client, second, &after_second),
                [](const std::exception_ptr& failure, const Response&) { base::rethrow(failure); });
    caller.context().run();

    const std::string sent(reply.headers.find("X-Traceparent").value_or(""));
    EXPECT_TRUE(sent.starts_with("00-00000000000000000000000000000001-")) << sent;
    EXPECT_TRUE(sent.ends_with("-01")) << sent;
    EXPECT_EQ(sent.find("0000000000000009"), std::string::npos) << "a span of its own: " << sent;
    EXPECT_EQ(after_first, first);
    EXPECT_EQ(after_second, second);

    EXPECT_EQ(caller.run(client.get("/")).headers.find("X-Traceparent"), "-");
}

TEST(Client, RefusesThreadsThatItWasNotMadeFor) {
    Caller caller;
    Caller stranger;
    Client client({.base_url = "http://127.0.0.1:9"}, caller.contexts());
    EXPECT_THROW((void)stranger.run(client.get("/")), std::logic_error);
}

TEST(Client, RefusesARequestThatWouldSplit) {
    Caller caller;
    Client client({.base_url = "http://127.0.0.1:9"}, caller.contexts());
    EXPECT_THROW((void)caller.run(client.get("/a b")), std::invalid_argument);
    EXPECT_THROW((void)caller.run(client.get("a")), std::invalid_argument);
    EXPECT_THROW((void)caller.run(client.send({.target = "/", .headers = {{"X", "a\r\nY: b"}}})),
                 std::invalid_argument);
}

TEST(Client, RefusesABaseUrlThatItCannotUse) {
    for (const auto* bad : {"", "localhost:8000", "https://host", "http://", "http://host:99999",
                            "http://u:p@host", "http://host/?q"}) {
        EXPECT_THROW(Client({.base_url = bad}, {}), base::ConfigError) << bad;
    }
    EXPECT_NO_THROW(Client({.base_url = "http://[::1]:8000/api"}, {}));
}

}  // namespace
}  // namespace web::testing
