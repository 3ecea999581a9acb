#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <base/spawn.hpp>
#include <base/use_task.hpp>

namespace {

namespace asio = boost::asio;
using base::Task;

base::TraceContext request(std::uint8_t number) {
    base::TraceContext context;
    context.trace_id[0] = number;
    return context;
}

Task<> work_for_nobody(int& rounds) {
    for (; rounds < 3; ++rounds) {
        EXPECT_FALSE(base::current_context().valid());
        const base::ContextScope each_round(request(9));
        co_await asio::post(co_await asio::this_coro::executor, base::use_task);
    }
}

TEST(Spawn, WorksForNoRequestAndSparesThatOfItsCaller) {
    asio::io_context context(1);
    int rounds = 0;
    base::spawn(context, [](int& count) -> Task<> {
        const base::ContextScope scope(request(1));
        const auto executor = co_await asio::this_coro::executor;
        base::spawn(executor, work_for_nobody(count));
        EXPECT_EQ(base::current_context(), request(1));
        co_await asio::post(executor, base::use_task);
        EXPECT_EQ(base::current_context(), request(1));
    }(rounds));
    context.run();
    EXPECT_EQ(rounds, 3);
}

TEST(Spawn, LetsAFailureLeaveRun) {
    asio::io_context context(1);
    base::spawn(context, []() -> Task<> {
        throw std::runtime_error("a bug");
        co_return;
    }());
    EXPECT_THROW(context.run(), std::runtime_error);
}

}  // namespace
