#include <chrono>
#include <exception>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <base/sleep.hpp>
#include <base/spawn.hpp>

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

TEST(SleepFor, TakesAtLeastThatLong) {
    constexpr std::chrono::milliseconds kPause(5);
    asio::io_context context(1);
    const auto start = steady_clock::now();
    base::spawn(context, base::sleep_for(kPause));
    context.run();
    EXPECT_GE(steady_clock::now() - start, kPause);
}

TEST(SleepFor, EndsWithAnExceptionWhenCancelled) {
    asio::io_context context(1);
    asio::cancellation_signal cancel;
    std::exception_ptr ended;
    asio::co_spawn(context, base::sleep_for(std::chrono::hours(1)),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [&](std::exception_ptr failure) { ended = failure; }));
    asio::post(context, [&] { cancel.emit(asio::cancellation_type::terminal); });
    context.run();
    EXPECT_THROW(base::rethrow(ended), boost::system::system_error);
}

}  // namespace
