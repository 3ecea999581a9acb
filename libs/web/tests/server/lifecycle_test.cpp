// Starting, running out of room, stopping.
#include <atomic>
#include <future>
#include <system_error>

#include <boost/asio/co_spawn.hpp>
#include <sys/resource.h>

#include <base/context.hpp>
#include <base/sleep.hpp>
#include <base/spawn.hpp>
#include <telemetry/log.hpp>
#include <telemetry/trace.hpp>

#include "server_fixture.hpp"

namespace web::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kSlow = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kQuick = "GET /quick HTTP/1.1\r\nHost: h\r\n\r\n";

void await_requests(const RunningServer& server, int count) {
    EXPECT_TRUE(eventually([&] { return server.handler.requests == count; }));
}

TEST(Start, NamesAnAddressThatIsTaken) {
    RunningServer first;
    boost::asio::io_context context;
    boost::asio::io_context* contexts[] = {&context};
    EchoHandler handler;
    Server second({.host = "127.0.0.1", .port = first.port()}, handler, contexts);
    try {
        second.start();
        FAIL() << "a second server took the same port";
    } catch (const std::system_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("127.0.0.1 port " + std::to_string(first.port())));
        EXPECT_EQ(error.code(), std::errc::address_in_use);
    }
}

TEST(Start, RefusesAHostThatIsNoAddress) {
    boost::asio::io_context context;
    boost::asio::io_context* contexts[] = {&context};
    EchoHandler handler;
    Server server({.host = "nowhere"}, handler, contexts);
    EXPECT_THROW(server.start(), std::system_error);
}

TEST(Limits, LetConnectionsBeyondThemWait) {
    RunningServer server({.max_connections = 1});
    RawConnection first(server.port());
    first.send(kQuick);
    first.read_until("GET /quick\n");
    RawConnection second(server.port());
    second.send(kQuick);
    std::this_thread::sleep_for(milliseconds(50));
    EXPECT_EQ(server.handler.requests, 1);
    first.finish_sending();
    EXPECT_TRUE(second.read_until("GET /quick\n").starts_with("HTTP/1.1 200 "));
}

TEST(Limits, RunningOutOfDescriptorsIsSurvived) {
#if __has_feature(undefined_behavior_sanitizer)
    GTEST_SKIP() << "before a virtual call the sanitizer looks at the object through a pipe of its "
                    "own, for which there is no descriptor either";
#endif
    std::vector<std::string> lines;
    std::atomic<bool> refused = false;
    telemetry::log::configure({.service = "test", .sink = [&](std::string_view line) {
                                   lines.emplace_back(line);
                                   if (line.find("cannot accept") != std::string_view::npos)
                                       refused = true;
                               }});
    RunningServer server;
    // A request that waits elsewhere on this thread: what is logged here is no part of it.
    std::promise<void> up;
    const auto wait = [](std::promise<void>& waits, std::atomic<bool>& over) -> base::Task<> {
        const base::ContextScope scope(telemetry::trace::new_trace());
        waits.set_value();
        while (!over)
            co_await base::sleep_for(milliseconds(5));
    };
    boost::asio::co_spawn(server.context(), wait(up, refused), base::rethrow);
    up.get_future().wait();
    RawConnection client;
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const int lowest_free = ::dup(0);
    ::close(lowest_free);
    const rlimit exhausted{static_cast<rlim_t>(lowest_free), before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &exhausted);
    client.connect(server.port());
    client.send(kQuick);
    EXPECT_TRUE(eventually([&] {
        telemetry::log::flush();
        return refused.load();
    }));
    EXPECT_EQ(server.handler.requests, 0);
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_TRUE(client.read_until("GET /quick\n").starts_with("HTTP/1.1 200 "));
    telemetry::log::flush();
    EXPECT_THAT(lines, Each(Not(HasSubstr("trace_id"))));
    telemetry::log::configure({});
}

TEST(Drain, LetsARequestInFlightFinish) {
    RunningServer server({}, 2);
    RawConnection busy(server.port());
    busy.send(kSlow);
    RawConnection idle(server.port());
    idle.send(kQuick);
    idle.read_until("GET /quick\n");
    await_requests(server, 2);

    EXPECT_EQ(server.drain(milliseconds(3000)), 0);
    const auto reply = busy.read_all();
    EXPECT_THAT(reply, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_TRUE(reply.ends_with("GET /slow\n")) << reply;
    EXPECT_TRUE(idle.closes());
    EXPECT_EQ(server.server().active_connections(), 0);
    EXPECT_FALSE(RawConnection().connect(server.port()));
}

TEST(Drain, DropsWhatDoesNotFinish) {
    RunningServer server;
    server.handler.slow_for = milliseconds(1500);
    RawConnection busy(server.port());
    busy.send(kSlow);
    await_requests(server, 1);
    EXPECT_EQ(server.drain(milliseconds(50)), 1);
    EXPECT_EQ(busy.read_until("x").find("HTTP/1.1"), std::string::npos);
    // The handler ends after its connection did, and nobody minds.
    std::this_thread::sleep_for(milliseconds(1550));
}

TEST(Drain, ServesWhoConnectedJustBefore) {
    RunningServer server;
    std::vector<std::unique_ptr<RawConnection>> clients;
    for (int i = 0; i < 20; ++i)
        clients.push_back(std::make_unique<RawConnection>(server.port()));
    auto drained = std::async(std::launch::async, [&] { return server.drain(milliseconds(3000)); });
    for (auto& client : clients)
        client->send(kQuick);
    for (auto& client : clients) {
        const auto reply = client->read_all();
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 ")) << reply;
    }
    EXPECT_EQ(drained.get(), 0);
}

TEST(Drain, LeavesNothingThatKeepsAContextRunning) {
    boost::asio::io_context context;
    boost::asio::io_context* contexts[] = {&context};
    EchoHandler handler;
    Server server({.host = "127.0.0.1"}, handler, contexts);
    server.start();
    auto drained =
        boost::asio::co_spawn(context, server.drain(milliseconds(100)), boost::asio::use_future);
    context.run();
    EXPECT_EQ(drained.get(), 0);
}

TEST(Stop, WithRequestsInFlightLeaksNothing) {
    RunningServer server({}, 2);
    std::vector<std::unique_ptr<RawConnection>> clients;
    for (int i = 0; i < 10; ++i) {
        clients.push_back(std::make_unique<RawConnection>(server.port()));
        clients.back()->send(i % 2 == 0 ? kSlow : kQuick);
    }
    await_requests(server, 10);
}

}  // namespace
}  // namespace web::testing
