#include <atomic>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <runtime/readiness.hpp>
#include <runtime/workers.hpp>

namespace {

using namespace std::chrono_literals;
using base::Task;
using runtime::CheckResult;
using runtime::Readiness;
using runtime::ReadinessReport;
using testing::ElementsAre;
using testing::Pair;
namespace asio = boost::asio;

constexpr auto rethrow = [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
};

Task<> sleep_for(std::chrono::milliseconds duration) {
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    co_await timer.async_wait(asio::use_awaitable);
}

Task<CheckResult> passes() {
    co_return CheckResult{};
}

// Evaluates on a thread of its own: this one.
ReadinessReport evaluate(Readiness& readiness) {
    asio::io_context context{1};
    ReadinessReport report;
    asio::co_spawn(context, readiness.evaluate(),
                   [&](const std::exception_ptr& failure, ReadinessReport result) {
                       rethrow(failure);
                       report = std::move(result);
                       context.stop();  // whatever a check still does is abandoned
                   });
    context.run();
    return report;
}

TEST(Readiness, IsReadyWithoutChecks) {
    Readiness readiness;
    EXPECT_TRUE(evaluate(readiness).ready);
}

TEST(Readiness, NamesEachCheckAndWhatItFound) {
    Readiness readiness;
    readiness.add("good", passes);
    readiness.add("bad", []() -> Task<CheckResult> { co_return CheckResult{"schema is behind"}; });
    readiness.add("away", []() -> Task<CheckResult> {
        throw base::Unavailable("host=10.0.0.1 password=secret");
        co_return CheckResult{};
    });
    readiness.add("broken", []() -> Task<CheckResult> {
        throw std::logic_error("internals");
        co_return CheckResult{};
    });
    const auto report = evaluate(readiness);
    EXPECT_FALSE(report.ready);
    EXPECT_THAT(report.checks, ElementsAre(Pair("good", "ok"), Pair("bad", "schema is behind"),
                                           Pair("away", "unavailable"), Pair("broken", "failed")));
}

TEST(Readiness, RunsChecksAtTheSameTime) {
    Readiness readiness({.check_timeout = 30s});
    int started = 0;
    for (const auto* name : {"a", "b", "c"}) {
        readiness.add(name, [&started]() -> Task<CheckResult> {
            ++started;
            // One after the other, the first would wait for the others until it times out.
            while (started < 3)
                co_await sleep_for(1ms);
            co_return CheckResult{};
        });
    }
    EXPECT_TRUE(evaluate(readiness).ready);
}

TEST(Readiness, FailsACheckThatTakesTooLong) {
    Readiness readiness({.check_timeout = 30ms, .cache = 0ms});
    readiness.add("slow", []() -> Task<CheckResult> {
        co_await sleep_for(1h);
        co_return CheckResult{};
    });
    readiness.add("good", passes);
    const auto report = evaluate(readiness);
    EXPECT_FALSE(report.ready);
    EXPECT_THAT(report.checks, ElementsAre(Pair("slow", "timed out"), Pair("good", "ok")));
}

TEST(Readiness, CancelsACheckThatTimedOutAndRunsItAgain) {
    Readiness readiness({.check_timeout = 30ms, .cache = 0ms});
    int started = 0;
    readiness.add("slow", [&started]() -> Task<CheckResult> {
        if (++started == 1) co_await sleep_for(1h);
        co_return CheckResult{};
    });
    asio::io_context context{1};
    std::vector<bool> seen;
    auto twice = [&]() -> Task<> {
        for (int i = 0; i < 2; ++i) {
            const auto report = co_await readiness.evaluate();
            seen.push_back(report.ready);
            co_await sleep_for(10ms);
        }
    };
    asio::co_spawn(context, twice, rethrow);
    context.run();
    EXPECT_EQ(seen, (std::vector<bool>{false, true}));
}

TEST(Readiness, DoesNotStartACheckThatStillHangs) {
    Readiness readiness({.check_timeout = 20ms, .cache = 0ms});
    int started = 0;
    bool hangs = true;
    readiness.add("hangs", [&]() -> Task<CheckResult> {
        ++started;
        // Deaf to cancellation, as a blocking driver would be.
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        while (hangs)
            co_await sleep_for(1ms);
        co_return CheckResult{};
    });
    asio::io_context context{1};
    auto thrice = [&]() -> Task<> {
        for (int i = 0; i < 3; ++i) {
            const auto report = co_await readiness.evaluate();
            EXPECT_FALSE(report.ready);
        }
        hangs = false;
    };
    asio::co_spawn(context, thrice, rethrow);
    context.run();
    EXPECT_EQ(started, 1);
}

TEST(Readiness, AnswersFromItsCache) {
    int runs = 0;
    Readiness readiness({.cache = 1h});
    readiness.add("counted", [&runs]() -> Task<CheckResult> {
        ++runs;
        co_return CheckResult{};
    });
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(evaluate(readiness).ready);
    EXPECT_EQ(runs, 1);
}

TEST(Readiness, RunsItsChecksAgainWhenTheCacheIsTooOld) {
    int runs = 0;
    Readiness readiness({.cache = 5ms});
    readiness.add("counted", [&runs]() -> Task<CheckResult> {
        ++runs;
        co_return CheckResult{};
    });
    EXPECT_TRUE(evaluate(readiness).ready);
    std::this_thread::sleep_for(10ms);
    EXPECT_TRUE(evaluate(readiness).ready);
    EXPECT_EQ(runs, 2);
}

TEST(Readiness, IsEvaluatedOnceForCallersOfAllThreads) {
    Readiness readiness({.cache = 10s});
    std::atomic<int> runs = 0;
    readiness.add("slow", [&runs]() -> Task<CheckResult> {
        ++runs;
        co_await sleep_for(50ms);
        co_return CheckResult{};
    });
    runtime::Workers workers(3);
    std::atomic<int> answered = 0;
    constexpr int kCallers = 60;
    for (int i = 0; i < kCallers; ++i) {
        asio::co_spawn(*workers.contexts()[static_cast<std::size_t>(i) % 3], readiness.evaluate(),
                       [&](const std::exception_ptr& failure, const ReadinessReport& report) {
                           rethrow(failure);
                           EXPECT_TRUE(report.ready);
                           if (++answered == kCallers) workers.stop();
                       });
    }
    workers.run();
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(answered, kCallers);
}

TEST(Readiness, AnswersTheOthersWhenTheFirstCallerHangsUp) {
    Readiness readiness({.cache = 10s});
    int runs = 0;
    readiness.add("slow", [&runs]() -> Task<CheckResult> {
        ++runs;
        co_await sleep_for(50ms);
        co_return CheckResult{};
    });
    asio::io_context context{1};
    asio::cancellation_signal hang_up;
    bool cancelled = false;
    bool answered = false;
    asio::co_spawn(
        context, readiness.evaluate(),
        asio::bind_cancellation_slot(
            hang_up.slot(), [&](const std::exception_ptr& failure, const ReadinessReport&) {
                cancelled = failure != nullptr;
            }));
    asio::co_spawn(context, readiness.evaluate(),
                   [&](const std::exception_ptr& failure, const ReadinessReport& report) {
                       rethrow(failure);
                       answered = report.ready;
                   });
    asio::steady_timer timer(context, 10ms);
    timer.async_wait(
        [&](boost::system::error_code) { hang_up.emit(asio::cancellation_type::terminal); });
    context.run();
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(answered);
    EXPECT_EQ(runs, 1);
}

TEST(Readiness, IsOverOnceDrainingStarts) {
    Readiness readiness({.cache = 10s});
    int runs = 0;
    readiness.add("counted", [&runs]() -> Task<CheckResult> {
        ++runs;
        co_return CheckResult{};
    });
    EXPECT_TRUE(evaluate(readiness).ready);
    EXPECT_FALSE(readiness.draining());
    readiness.start_draining();
    EXPECT_TRUE(readiness.draining());
    const auto report = evaluate(readiness);  // a cached report is no excuse
    EXPECT_FALSE(report.ready);
    EXPECT_THAT(report.checks, ElementsAre(Pair("lifecycle", "draining")));
    EXPECT_EQ(runs, 1);
}

}  // namespace
