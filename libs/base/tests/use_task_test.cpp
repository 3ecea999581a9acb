#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <base/context.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>

namespace {

namespace asio = boost::asio;
using base::Task;
using boost::system::error_code;

base::TraceContext request(std::uint8_t number) {
    base::TraceContext context;
    context.trace_id[0] = number;
    return context;
}

/// Lets all others on this thread run.
Task<> yield() {
    co_await asio::post(co_await asio::this_coro::executor, base::use_task);
}

/// An event loop on which coroutines of several requests take turns.
class UseTask : public testing::Test {
protected:
    void start(Task<> task) { base::spawn(context_, std::move(task)); }
    void run() { context_.run(); }

    asio::io_context context_{1};
};

Task<> keep(base::TraceContext mine, int& turns) {
    const base::ContextScope scope(mine);
    for (int i = 0; i < 10; ++i) {
        co_await yield();
        EXPECT_EQ(base::current_context(), mine);
        ++turns;
    }
}

TEST_F(UseTask, GivesEachCoroutineItsContextBack) {
    int turns = 0;
    for (std::uint8_t i = 0; i < 10; ++i)
        start(keep(request(i), turns));  // 0: none
    run();
    EXPECT_EQ(turns, 100);
    EXPECT_FALSE(base::current_context().valid());
}

TEST_F(UseTask, YieldsErrorsAsValues) {
    start([](asio::io_context& context) -> Task<> {
        const base::ContextScope scope(request(1));
        asio::steady_timer timer(context, std::chrono::hours(1));
        asio::post(context, [&timer] {
            const base::ContextScope another(request(2));
            timer.cancel();
        });
        const auto [error] = co_await timer.async_wait(base::use_task);
        EXPECT_EQ(error, asio::error::operation_aborted);
        EXPECT_EQ(base::current_context(), request(1));
        timer.expires_after(std::chrono::seconds(0));
        const auto [none] = co_await timer.async_wait(base::use_task);
        EXPECT_FALSE(none);
    }(context_));
    run();
}

TEST_F(UseTask, YieldsAllResults) {
    start([](asio::io_context& context) -> Task<> {
        const auto work = []() -> Task<std::string> {
            co_await yield();
            co_return "done";
        };
        const auto [failure, text] = co_await asio::co_spawn(context, work(), base::use_task);
        EXPECT_FALSE(failure);
        EXPECT_EQ(text, "done");
    }(context_));
    run();
}

TEST_F(UseTask, LeavesNoContextToWhatRunsNext) {
    int turns = 0;
    start(keep(request(1), turns));
    std::function<void()> look = [&] {
        if (turns > 0) {
            EXPECT_FALSE(base::current_context().valid());
        }
        if (turns < 10) asio::post(context_, look);
    };
    asio::post(context_, look);
    run();
    EXPECT_EQ(turns, 10);
}

Task<> in_another_context(bool fail) {
    const base::ContextScope scope(request(2));
    co_await yield();
    EXPECT_EQ(base::current_context(), request(2));
    if (fail) throw std::runtime_error("failed");
}

TEST_F(UseTask, KeepsTheContextOfWhoeverAwaitsAChildWithAnother) {
    start([]() -> Task<> {
        const base::ContextScope scope(request(1));
        co_await in_another_context(false);
        EXPECT_EQ(base::current_context(), request(1));
        bool caught = false;
        try {
            co_await in_another_context(true);
        } catch (const std::runtime_error&) {
            caught = true;
            EXPECT_EQ(base::current_context(), request(1));
        }
        EXPECT_TRUE(caught);
    }());
    run();
}

TEST_F(UseTask, PassesCancellationOn) {
    asio::cancellation_signal cancel;
    bool cancelled = false;
    const auto wait = [](bool& aborted) -> Task<> {
        const base::ContextScope scope(request(1));
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
        const auto [error] = co_await timer.async_wait(base::use_task);
        aborted = error == asio::error::operation_aborted;
        EXPECT_EQ(base::current_context(), request(1));
        co_await yield();  // throws
        ADD_FAILURE() << "a cancelled coroutine went on";
    };
    std::exception_ptr ended;
    base::spawn(context_, wait(cancelled),
                asio::bind_cancellation_slot(cancel.slot(),
                                             [&](std::exception_ptr failure) { ended = failure; }));
    asio::post(context_, [&] {
        const base::ContextScope another(request(2));
        cancel.emit(asio::cancellation_type::terminal);
    });
    run();
    EXPECT_TRUE(cancelled);
    EXPECT_THROW(base::rethrow(ended), boost::system::system_error);
}

// An operation that another coroutine completes, as the reader of a connection does for those that
// wait for its answers.
class Answers {
public:
    Task<std::tuple<int>> next() {
        return asio::async_initiate<const base::UseTask, void(int)>(
            [this](Handler handler) { waiting_.push_back(std::move(handler)); }, base::use_task);
    }
    void give(int answer) {
        auto waiting = std::exchange(waiting_, {});
        for (auto& handler : waiting)
            std::move(handler)(answer);
    }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

private:
    using Handler = asio::async_result<base::UseTask, void(int)>::handler_type;
    std::vector<Handler> waiting_;
};

Task<> ask(Answers& answers, base::TraceContext mine) {
    const base::ContextScope scope(mine);
    for (int i = 1; i <= 2; ++i) {
        const auto [answer] = co_await answers.next();
        EXPECT_EQ(answer, i);
        EXPECT_EQ(base::current_context(), mine);
    }
}

TEST_F(UseTask, SparesTheContextOfWhoeverCompletesAnOperation) {
    Answers answers;
    start(ask(answers, request(1)));
    start(ask(answers, request(2)));
    start([](Answers& source) -> Task<> {
        const base::ContextScope scope(request(3));
        for (int i = 1; i <= 2; ++i) {
            co_await yield();
            EXPECT_EQ(source.waiting(), 2U);
            source.give(i);
            EXPECT_EQ(base::current_context(), request(3));
        }
    }(answers));
    run();
    EXPECT_EQ(answers.waiting(), 0U);
}

TEST_F(UseTask, FollowsACoroutineToAnotherThreadAndBack) {
    asio::io_context other(1);
    auto guard = asio::make_work_guard(other);
    std::thread thread([&] { other.run(); });
    start([](asio::io_context& elsewhere) -> Task<> {
        const base::ContextScope scope(request(1));
        const auto home = std::this_thread::get_id();
        const auto work = []() -> Task<std::thread::id> {
            EXPECT_FALSE(base::current_context().valid());
            const base::ContextScope its_own(request(2));
            co_await yield();
            co_return std::this_thread::get_id();
        };
        const auto [failure, id] = co_await asio::co_spawn(elsewhere, work(), base::use_task);
        EXPECT_NE(id, home);
        EXPECT_EQ(std::this_thread::get_id(), home);
        EXPECT_EQ(base::current_context(), request(1));
    }(other));
    run();
    guard.reset();
    thread.join();
}

}  // namespace
