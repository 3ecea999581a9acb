#include <chrono>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <base/context.hpp>
#include <base/sleep.hpp>
#include <base/spawn.hpp>
#include <base/when_all.hpp>

namespace {

using base::Task;
using std::chrono::milliseconds;

Task<std::string> answer(std::string text, std::chrono::steady_clock::duration after) {
    EXPECT_TRUE(base::current_context().valid());
    if (after > milliseconds(0)) co_await base::sleep_for(after);
    EXPECT_TRUE(base::current_context().valid());
    co_return text;
}

Task<int> fail(std::chrono::steady_clock::duration after) {
    co_await base::sleep_for(after);
    throw std::runtime_error("no answer");
}

void run_in_a_request(Task<> task) {
    boost::asio::io_context context(1);
    base::spawn(context, [](Task<> work) -> Task<> {
        const base::TraceContext mine{.trace_id = {1}};
        const base::ContextScope scope(mine);
        co_await std::move(work);
        EXPECT_EQ(base::current_context(), mine);
    }(std::move(task)));
    context.run();
}

TEST(WhenAll, YieldsBothInTheirOrder) {
    run_in_a_request([]() -> Task<> {
        const auto [slow, quick] = co_await base::when_all(answer("slow", milliseconds(5)),
                                                           answer("quick", milliseconds(1)));
        EXPECT_EQ(slow, "slow");
        EXPECT_EQ(quick, "quick");
        EXPECT_TRUE(base::current_context().valid());
    }());
}

TEST(WhenAll, KeepsTheContextWhenNeitherWaits) {
    run_in_a_request([]() -> Task<> {
        const auto both =
            co_await base::when_all(answer("a", milliseconds(0)), answer("b", milliseconds(0)));
        EXPECT_EQ(std::get<1>(both), "b");
        EXPECT_TRUE(base::current_context().valid());
    }());
}

TEST(WhenAll, CancelsTheOtherAndThrowsWhenOneFails) {
    const auto start = std::chrono::steady_clock::now();
    run_in_a_request([]() -> Task<> {
        std::string failure;
        try {
            co_await base::when_all(answer("late", std::chrono::hours(1)), fail(milliseconds(1)));
        } catch (const std::runtime_error& error) {
            failure = error.what();
        }
        EXPECT_EQ(failure, "no answer");
        EXPECT_TRUE(base::current_context().valid());
    }());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::minutes(1));
}

}  // namespace
