#include <atomic>
#include <chrono>
#include <memory>
#include <pthread.h>
#include <sched.h>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <runtime/workers.hpp>
#include <telemetry/log.hpp>

namespace {

using namespace std::chrono_literals;
using runtime::Workers;

boost::asio::awaitable<void> wait_for_ever(std::shared_ptr<int> used) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    co_await timer.async_wait(boost::asio::use_awaitable);
    ++*used;
}

TEST(Workers, RunEachContextOnAThreadOfItsOwn) {
    Workers workers(3);
    std::mutex mutex;
    std::set<std::thread::id> threads;
    std::set<std::string> names;
    for (auto* context : workers.contexts()) {
        boost::asio::post(*context, [&] {
            std::array<char, 16> name{};
            ::pthread_getname_np(::pthread_self(), name.data(), name.size());
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
            names.insert(name.data());
            if (threads.size() == 3) workers.stop();
        });
    }
    workers.run();
    EXPECT_EQ(threads.size(), 3U);
    EXPECT_EQ(names, (std::set<std::string>{"worker-0", "worker-1", "worker-2"}));
}

TEST(Workers, DoNotInterruptOthersWhenTheyWakeUp) {
    Workers workers(1);
    int policy = -1;
    boost::asio::post(*workers.contexts().front(), [&] {
        policy = ::sched_getscheduler(0);
        workers.stop();
    });
    workers.run();
    EXPECT_EQ(policy, SCHED_BATCH);
}

TEST(Workers, AreAsManyAsCoresUnlessToldOtherwise) {
    EXPECT_EQ(Workers().contexts().size(), runtime::usable_cores());
    EXPECT_GE(runtime::usable_cores(), 1U);
    EXPECT_LE(runtime::usable_cores(), std::thread::hardware_concurrency());
}

TEST(Workers, LetWorkUnderWayFinishWithinTheGrace) {
    Workers workers(2);
    bool finished = false;
    boost::asio::steady_timer timer(*workers.contexts()[1], 50ms);
    timer.async_wait([&](boost::system::error_code) { finished = true; });
    workers.stop(10s);
    const auto start = std::chrono::steady_clock::now();
    workers.run();
    EXPECT_TRUE(finished);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(Workers, AbandonWhatOutlastsTheGrace) {
    Workers workers(2);
    bool finished = false;
    boost::asio::steady_timer timer(*workers.contexts()[0], 1h);
    timer.async_wait([&](boost::system::error_code) { finished = true; });
    workers.stop(20ms);
    workers.run();
    EXPECT_FALSE(finished);
}

// Its destructor refers to what was made after the workers, and so goes before them.
TEST(Workers, HaveDestroyedWhatTheyAbandonWhenTheyReturn) {
    Workers workers(2);
    const auto used = std::make_shared<int>(0);
    std::vector<boost::asio::steady_timer> timers;
    for (auto* context : workers.contexts()) {
        timers.emplace_back(*context, 1h).async_wait([used](boost::system::error_code) {});
        boost::asio::co_spawn(*context, wait_for_ever(used), boost::asio::detached);
    }
    workers.stop(20ms);
    workers.run();
    EXPECT_EQ(used.use_count(), 1);
}

TEST(WorkersDeathTest, EndTheProcessWhenAnExceptionEscapes) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            telemetry::log::configure({.service = "test", .sink = [](std::string_view line) {
                                           std::fprintf(stderr, "%.*s\n",
                                                        static_cast<int>(line.size()), line.data());
                                       }});
            Workers workers(2);
            boost::asio::post(*workers.contexts()[1], [] { throw std::runtime_error("a bug"); });
            workers.run();
        },
        "unhandled exception, the process ends.*a bug");
}

}  // namespace
