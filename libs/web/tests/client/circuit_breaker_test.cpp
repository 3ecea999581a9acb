#include "client/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace web::client {
namespace {

using std::chrono::seconds;

class Breaker : public ::testing::Test {
protected:
    CircuitBreaker breaker{{.failures = 3, .open_for = seconds(5)}};
    CircuitBreaker::Clock::time_point now;

    void call(bool success) {
        auto permit = breaker.ask(now);
        ASSERT_TRUE(permit);
        permit.report(success, now);
    }
    void open() {
        for (int i = 0; i < 3; ++i)
            call(false);
        ASSERT_EQ(breaker.state(now), BreakerState::kOpen);
    }
};

TEST_F(Breaker, OpensAfterFailuresInARow) {
    for (const bool success : {false, false, true, false, false})
        call(success);
    EXPECT_EQ(breaker.state(now), BreakerState::kClosed);
    call(false);
    EXPECT_EQ(breaker.state(now), BreakerState::kOpen);
    EXPECT_FALSE(breaker.ask(now + seconds(4)));
}

TEST_F(Breaker, LetsOneProbeThroughAndClosesWhenItSucceeds) {
    open();
    now += seconds(5);
    EXPECT_EQ(breaker.state(now), BreakerState::kHalfOpen);
    auto probe = breaker.ask(now);
    ASSERT_TRUE(probe);
    EXPECT_FALSE(breaker.ask(now));
    probe.report(true, now);
    EXPECT_EQ(breaker.state(now), BreakerState::kClosed);
    EXPECT_TRUE(breaker.ask(now));
}

TEST_F(Breaker, OpensAgainWhenTheProbeFails) {
    open();
    now += seconds(5);
    call(false);
    EXPECT_FALSE(breaker.ask(now + seconds(4)));
    EXPECT_TRUE(breaker.ask(now + seconds(5)));
}

TEST_F(Breaker, ReplacesAProbeThatWasGivenUp) {
    open();
    now += seconds(5);
    {
        EXPECT_TRUE(breaker.ask(now));
    }
    EXPECT_TRUE(breaker.ask(now));
}

TEST_F(Breaker, IgnoresCallsThatWereOnTheirWayWhenItOpened) {
    auto late = breaker.ask(now);
    open();
    late.report(true, now);
    EXPECT_EQ(breaker.state(now), BreakerState::kOpen);
}

TEST_F(Breaker, NeverOpensWhenItIsOff) {
    CircuitBreaker off{BreakerPolicy{}};
    for (int i = 0; i < 100; ++i) {
        auto permit = off.ask(now);
        ASSERT_TRUE(permit);
        permit.report(false, now);
    }
}

}  // namespace
}  // namespace web::client
