#include "backoff.hpp"

#include <gtest/gtest.h>

namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToOneSecondAndTakesUpToHalfAwayAsJitter) {
    postgres::Backoff backoff;
    for (const int ceiling : {50, 100, 200, 400, 800, 1000, 1000, 1000}) {
        const milliseconds delay = backoff.next();
        EXPECT_GE(delay, milliseconds(ceiling / 2));
        EXPECT_LE(delay, milliseconds(ceiling));
    }
}

TEST(Backoff, BeginsAnewAfterReset) {
    postgres::Backoff backoff;
    for (int i = 0; i < 10; ++i)
        static_cast<void>(backoff.next());
    backoff.reset();
    EXPECT_LE(backoff.next(), milliseconds(50));
}

}  // namespace
