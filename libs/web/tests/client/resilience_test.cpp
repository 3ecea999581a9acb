// Retries, the circuit breaker and what the client tells of its calls.
#include "scripted_peer.hpp"

namespace web::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

const std::string kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const std::string kWrong =
    "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
// Without the header, the next call might take the connection before the client hears of its end.
const std::string kLastOk = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

RetryPolicy thrice() {
    return {.attempts = 3, .first_pause = milliseconds(1), .longest_pause = milliseconds(2)};
}

class Resilience : public ::testing::Test {
protected:
    boost::asio::io_context context;
    const std::array<boost::asio::io_context*, 1> contexts{&context};

    // The status of a call, or what its ClientError says.
    std::string outcome(base::Task<Response> task) {
        try {
            return std::to_string(call(context, std::move(task)).status);
        } catch (const ClientError& error) {
            return error.what();
        }
    }
};

TEST_F(Resilience, RetriesWhatGotNoAnswerOrA503) {
    ScriptedPeer peer({{kBusy}, {""}, {kOk}});
    Client client({.base_url = peer.url(), .retry = thrice()}, contexts);
    EXPECT_EQ(outcome(client.get("/")), "200");
    EXPECT_EQ(client.stats().retries, 2);
    EXPECT_EQ(client.stats().failures, 0);
}

TEST_F(Resilience, GivesTheLastOutcomeWhenAttemptsRunOut) {
    ScriptedPeer peer({{kBusy}, {kBusy}, {kBusy}, {kOk}});
    Client client({.base_url = peer.url(), .retry = thrice()}, contexts);
    EXPECT_EQ(outcome(client.get("/")), "503");
    EXPECT_EQ(peer.requests, 3);
}

TEST_F(Resilience, RetriesNothingElse) {
    ScriptedPeer peer({{kWrong}, {kBusy}, {kOk}});
    Client client({.base_url = peer.url(), .retry = thrice()}, contexts);
    EXPECT_EQ(outcome(client.get("/")), "500");
    EXPECT_EQ(outcome(client.send({.method = Method::kPost, .target = "/"})), "503");
    EXPECT_EQ(client.stats().retries, 0);
}

// Whether a failed call may have changed something.
TEST_F(Resilience, TellsWhatIsKnownOfTheOutcome) {
    const auto outcome_of = [this](Client& client, Method method) {
        try {
            (void)call(context, client.send({.method = method, .target = "/"}));
        } catch (const ClientError& error) {
            return error.outcome();
        }
        throw std::logic_error("answered");
    };
    ScriptedPeer peer({{""}, {""}});
    Client client({.base_url = peer.url(), .breaker = {.failures = 2, .open_for = hours(1)}},
                  contexts);
    EXPECT_EQ(outcome_of(client, Method::kPost), base::Outcome::kUnknown);
    EXPECT_EQ(outcome_of(client, Method::kGet), base::Outcome::kNotDone);
    // The circuit breaker is open by now.
    EXPECT_EQ(outcome_of(client, Method::kPost), base::Outcome::kNotDone);
}

TEST_F(Resilience, KeepsRetriesWithinTheirBudget) {
    ScriptedPeer peer({{kBusy}, {kBusy}, {kBusy}, {kOk}});
    auto retry = thrice();
    retry.budget_ratio = 0;
    retry.budget_reserve = 1;
    Client client({.base_url = peer.url(), .retry = retry}, contexts);
    EXPECT_EQ(outcome(client.get("/")), "503");
    EXPECT_EQ(outcome(client.get("/")), "503");
    EXPECT_EQ(outcome(client.get("/")), "200");
    EXPECT_EQ(client.stats().retries, 1);
    EXPECT_EQ(client.stats().retries_refused, 2);
}

TEST_F(Resilience, DoesNotWaitBeyondTheDeadline) {
    ScriptedPeer peer({{"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\n"
                        "Connection: close\r\nContent-Length: 0\r\n\r\n"},
                       {kOk}});
    Client client({.base_url = peer.url(), .timeout = seconds(40), .retry = thrice()}, contexts);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(outcome(client.get("/")), "503");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(20));
}

TEST_F(Resilience, TakesADeadlineForOneCall) {
    RunningServer server;
    server.handler.slow_for = milliseconds(1000);
    Client client({.base_url = "http://127.0.0.1:" + std::to_string(server.port())}, contexts);
    EXPECT_THAT(outcome(client.get("/slow", {.timeout = milliseconds(30)})),
                HasSubstr("the deadline passed"));
    EXPECT_EQ(outcome(client.get("/")), "200");
}

TEST_F(Resilience, FailsAtOnceWhileTheCircuitBreakerIsOpen) {
    ScriptedPeer peer({{kBusy}, {kBusy}});
    Client client({.base_url = peer.url(), .breaker = {.failures = 2, .open_for = hours(1)}},
                  contexts);
    EXPECT_EQ(outcome(client.get("/")), "503");
    EXPECT_EQ(outcome(client.get("/")), "503");
    EXPECT_EQ(outcome(client.get("/a?b")),
              "GET " + peer.url() + "/a: the circuit breaker is open after repeated failures");
    EXPECT_EQ(peer.requests, 2);
    EXPECT_EQ(client.stats().rejections, 1);
    EXPECT_EQ(client.stats().breaker, BreakerState::kOpen);
}

TEST_F(Resilience, TriesAgainWhenTheCircuitBreakerWasOpenForLongEnough) {
    ScriptedPeer peer({{kBusy}, {kBusy}, {kOk}});
    Client client({.base_url = peer.url(), .breaker = {.failures = 2, .open_for = milliseconds(5)}},
                  contexts);
    EXPECT_EQ(outcome(client.get("/")), "503");
    EXPECT_EQ(outcome(client.get("/")), "503");
    std::this_thread::sleep_for(milliseconds(10));
    EXPECT_EQ(outcome(client.get("/")), "200");
    EXPECT_EQ(client.stats().breaker, BreakerState::kClosed);
}

TEST_F(Resilience, TellsOfEachCall) {
    std::vector<std::string> reports;
    ScriptedPeer peer({{kBusy}, {kLastOk}, {""}});
    auto retry = thrice();
    retry.attempts = 2;
    Client client({.base_url = peer.url(),
                   .retry = retry,
                   .on_call =
                       [&](const CallReport& report) {
                           reports.push_back(std::string(to_string(report.method)) + " " +
                                             std::to_string(report.status) + " after " +
                                             std::to_string(report.attempts) + " " +
                                             std::string(report.failure));
                           EXPECT_EQ("http://" + std::string(report.host), peer.url());
                           EXPECT_GT(report.duration.count(), 0);
                       }},
                  contexts);
    (void)outcome(client.get("/"));
    (void)outcome(client.send({.method = Method::kPost, .target = "/"}));
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0], "GET 200 after 2 ");
    EXPECT_EQ(reports[1], "POST 0 after 1 no response: the peer closed the connection");
    EXPECT_EQ(client.stats().calls, 2);
    EXPECT_EQ(client.stats().failures, 1);
}

}  // namespace
}  // namespace web::testing
