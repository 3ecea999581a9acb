// A whole service on a loopback port, and its end by a signal.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <test_support/eventually.hpp>

#include <base/context.hpp>
#include <base/sleep.hpp>
#include <runtime/service.hpp>
#include <telemetry/log.hpp>
#include <telemetry/trace.hpp>

namespace {

using namespace std::chrono_literals;
using test_support::eventually;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

// GET /slow answers after 200 ms, /never after an hour, /ready as readiness says, others at once.
class TestHandler : public web::Handler {
public:
    explicit TestHandler(runtime::Readiness& readiness) : readiness_(readiness) {}

    base::Task<web::Response> handle(web::Request request) override {
        ++requests;
        if (request.target == "/slow" || request.target == "/never") {
            // As every handler that waits: what is logged meanwhile is no part of its request.
            const base::ContextScope scope(telemetry::trace::new_trace());
            co_await base::sleep_for(request.target == "/slow" ? 200ms : 1h);
        }
        const bool unready = request.target == "/ready" && readiness_.draining();
        co_return web::text_response(unready ? 503 : 200, "text/plain", "complete");
    }
    web::Response refuse(int status, std::string_view) override {
        return web::text_response(status, "text/plain", "");
    }

    std::atomic<int> requests = 0;

private:
    runtime::Readiness& readiness_;
};

// The whole response to one GET on a connection of its own; "" when it cannot be had.
std::string get(std::uint16_t port, const std::string& target) {
    try {
        asio::io_context context;
        Tcp::socket socket(context);
        socket.connect({asio::ip::address_v4::loopback(), port});
        const auto request =
            "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        asio::write(socket, asio::buffer(request));
        std::string response;
        boost::system::error_code end;
        asio::read(socket, asio::dynamic_buffer(response), end);
        return end == asio::error::eof ? response : "";
    } catch (const boost::system::system_error&) {
        return "";
    }
}

bool is_complete(const std::string& response) {
    return response.starts_with("HTTP/1.1 200 ") && response.ends_with("complete");
}

// Runs a service on threads of its own, from its start to the end of the test.
class RunningService {
public:
    explicit RunningService(std::chrono::milliseconds drain_delay = 100ms,
                            std::chrono::milliseconds drain_timeout = 5s) {
        std::promise<std::uint16_t> started;
        status_ = std::async(std::launch::async, [this, &started, drain_delay, drain_timeout] {
            return runtime::run_service(
                {.server = {.host = "127.0.0.1"},
                 .drain_delay = drain_delay,
                 .drain_timeout = drain_timeout},
                workers_, handler, readiness,
                {.started = [&started](std::uint16_t port) { started.set_value(port); },
                 .drained = [this] { drained_after = handler.requests.load(); }});
        });
        port = started.get_future().get();
    }

    int end_with(int signal) {
        std::raise(signal);
        return exit_status();
    }
    int exit_status() { return status_.get(); }

    std::uint16_t port = 0;
    runtime::Readiness readiness;
    TestHandler handler{readiness};
    int drained_after = -1;  // requests at the time of the hook

private:
    runtime::Workers workers_{2};
    std::future<int> status_;
};

TEST(Service, ServesUntilItIsToldToEnd) {
    for (const int signal : {SIGTERM, SIGINT}) {
        RunningService service(0ms);
        EXPECT_TRUE(is_complete(get(service.port, "/")));
        EXPECT_EQ(service.end_with(signal), 0);
        EXPECT_EQ(service.drained_after, 1);
        EXPECT_EQ(get(service.port, "/"), "");
    }
}

TEST(Service, FinishesRequestsInFlight) {
    RunningService service(0ms);
    std::vector<std::future<std::string>> answers;
    for (int i = 0; i < 20; ++i) {
        answers.push_back(std::async(std::launch::async, get, service.port, "/slow"));
    }
    ASSERT_TRUE(eventually([&] { return service.handler.requests == 20; }));
    EXPECT_EQ(service.end_with(SIGTERM), 0);
    for (auto& answer : answers)
        EXPECT_TRUE(is_complete(answer.get()));
}

TEST(Service, IsUnreadyButServesDuringTheDelay) {
    RunningService service(500ms);
    EXPECT_THAT(get(service.port, "/ready"), StartsWith("HTTP/1.1 200 "));
    std::raise(SIGTERM);
    ASSERT_TRUE(eventually([&] { return service.readiness.draining(); }));
    EXPECT_THAT(get(service.port, "/ready"), StartsWith("HTTP/1.1 503 "));
    EXPECT_TRUE(is_complete(get(service.port, "/")));
    EXPECT_EQ(service.exit_status(), 0);
    EXPECT_EQ(service.drained_after, 3);
}

TEST(Service, CutsOffWhatOutlastsTheTimeout) {
    RunningService service(0ms, 50ms);
    auto answer = std::async(std::launch::async, get, service.port, "/never");
    ASSERT_TRUE(eventually([&] { return service.handler.requests == 1; }));
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(service.end_with(SIGTERM), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
    EXPECT_EQ(answer.get(), "");
}

TEST(Service, LogsItsEndAsPartOfNoRequest) {
    std::vector<std::string> lines;
    telemetry::log::configure(
        {.service = "test", .sink = [&](std::string_view line) { lines.emplace_back(line); }});
    RunningService service(0ms, 50ms);
    // So many that the thread that awaits the signal serves some of them.
    std::vector<std::future<std::string>> answers;
    for (int i = 0; i < 20; ++i) {
        answers.push_back(std::async(std::launch::async, get, service.port, "/never"));
    }
    ASSERT_TRUE(eventually([&] { return service.handler.requests == 20; }));
    EXPECT_EQ(service.end_with(SIGTERM), 0);
    telemetry::log::flush();
    EXPECT_THAT(lines, Contains(HasSubstr("draining")));
    EXPECT_THAT(lines, Contains(HasSubstr("requests cut off")));
    EXPECT_THAT(lines, Each(Not(HasSubstr("trace_id"))));
    telemetry::log::configure({});
}

// Clients behind a load balancer: they come until a probe finds the service unready.
TEST(Service, DropsNoRequestUnderLoad) {
    RunningService service(200ms);
    std::atomic<bool> in_rotation = true;
    std::atomic<int> complete = 0;
    std::atomic<int> failed = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&, i] {
            while (in_rotation) {
                const auto response = get(service.port, i == 0 ? "/slow" : "/");
                ++(is_complete(response) ? complete : failed);
            }
        });
    }
    ASSERT_TRUE(eventually([&] { return complete > 50; }));
    std::raise(SIGTERM);
    EXPECT_TRUE(
        eventually([&] { return !get(service.port, "/ready").starts_with("HTTP/1.1 200"); }));
    in_rotation = false;
    EXPECT_EQ(service.exit_status(), 0);
    for (auto& client : clients)
        client.join();
    EXPECT_EQ(failed, 0);
    EXPECT_GT(complete, 50);
}

TEST(ServiceDeathTest, EndsAtOnceWithASecondSignal) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto signal_twice = [] {
        telemetry::log::configure({.service = "test", .sink = [](std::string_view line) {
                                       std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()),
                                                    line.data());
                                   }});
        RunningService service(1h);
        std::raise(SIGTERM);
        EXPECT_TRUE(eventually([&] { return service.readiness.draining(); }));
        std::raise(SIGINT);
        std::this_thread::sleep_for(1min);
    };
    EXPECT_EXIT(signal_twice(), testing::ExitedWithCode(128 + SIGINT),
                "second signal, ending without draining.*SIGINT");
}

TEST(Service, RefusesAPortThatIsTaken) {
    RunningService first(0ms);
    runtime::Workers workers(1);
    runtime::Readiness readiness;
    TestHandler handler(readiness);
    EXPECT_THROW(
        static_cast<void>(runtime::run_service(
            {.server = {.host = "127.0.0.1", .port = first.port}}, workers, handler, readiness)),
        std::system_error);
    EXPECT_EQ(first.end_with(SIGTERM), 0);
}

}  // namespace
