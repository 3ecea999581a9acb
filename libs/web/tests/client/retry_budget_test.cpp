#include "client/retry_budget.hpp"

#include <gtest/gtest.h>

namespace web::client {
namespace {

TEST(RetryBudget, IsAShareOfTheCallsAfterItsReserve) {
    RetryBudget budget(0.25, 3);
    int granted = 0;
    for (int i = 0; i < 400; ++i) {
        budget.count_call();
        granted += budget.take() ? 1 : 0;
    }
    EXPECT_GE(granted, 100);
    EXPECT_LE(granted, 103);
}

TEST(RetryBudget, DoesNotSaveUpBeyondItsReserve) {
    RetryBudget budget(0.5, 2);
    for (int i = 0; i < 1000; ++i)
        budget.count_call();
    EXPECT_TRUE(budget.take());
    EXPECT_TRUE(budget.take());
    EXPECT_FALSE(budget.take());
}

}  // namespace
}  // namespace web::client
