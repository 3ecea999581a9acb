#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <base/per_thread.hpp>

namespace {

namespace asio = boost::asio;

constexpr int kRounds = 1000;

/// Neither copied nor moved, like most of what belongs to a thread.
struct Counter {
    explicit Counter(asio::io_context& its_context) : context(&its_context) {}
    Counter(const Counter&) = delete;
    Counter& operator=(const Counter&) = delete;

    asio::io_context* context;
    int count = 0;  // not atomic: one thread's only
};

class PerThread : public testing::Test {
protected:
    std::array<asio::io_context, 3> contexts_;
    std::vector<asio::io_context*> pointers_{&contexts_[0], &contexts_[1], &contexts_[2]};
    base::PerThread<Counter> counters_{pointers_,
                                       [](asio::io_context& context) { return Counter(context); }};
};

TEST_F(PerThread, HasOneForEachIoContextInTheirOrder) {
    std::vector<asio::io_context*> seen;
    counters_.for_each([&](asio::io_context& context, Counter& counter) {
        EXPECT_EQ(counter.context, &context);
        seen.push_back(&context);
    });
    EXPECT_EQ(seen, pointers_);
    EXPECT_EQ(counters_.size(), 3U);
}

TEST_F(PerThread, FindsThatOfTheThread) {
    std::vector<std::jthread> threads;
    for (auto& context : contexts_) {
        for (int i = 0; i < kRounds; ++i) {
            asio::post(context, [&] {
                EXPECT_EQ(counters_.here().context, &context);
                ++counters_.here().count;
            });
        }
        threads.emplace_back([&context] { context.run(); });
    }
    threads.clear();
    counters_.for_each(
        [](asio::io_context&, const Counter& counter) { EXPECT_EQ(counter.count, kRounds); });
}

// As tests do, whose one thread runs several io_contexts in turn.
TEST_F(PerThread, FindsThatOfTheIoContextThatRunsNow) {
    for (int round = 0; round < 2; ++round) {
        for (auto& context : contexts_) {
            asio::post(context, [&] { EXPECT_EQ(counters_.here().context, &context); });
            context.run();
            context.restart();
        }
    }
}

TEST_F(PerThread, IsReadThroughAConstReferenceToo) {
    const auto& counters = counters_;
    asio::post(contexts_[1], [&] {
        const Counter& mine = counters.here();
        EXPECT_EQ(mine.context, &contexts_[1]);
    });
    contexts_[1].run();
}

TEST_F(PerThread, RefusesOtherThreads) {
    EXPECT_THROW((void)counters_.here(), std::logic_error);
    asio::io_context another;
    asio::post(another, [&] { EXPECT_THROW((void)counters_.here(), std::logic_error); });
    another.run();
}

// Two that do not list the same io_contexts: the guess of one is wrong for the other.
TEST_F(PerThread, NeedNotListTheSameIoContexts) {
    const std::array<asio::io_context*, 1> last{&contexts_[2]};
    base::PerThread<int> other(last, [](asio::io_context&) { return 7; });
    asio::post(contexts_[2], [&] {
        for (int round = 0; round < 2; ++round) {
            EXPECT_EQ(counters_.here().context, &contexts_[2]);
            EXPECT_EQ(other.here(), 7);
        }
    });
    contexts_[2].run();
}

}  // namespace
