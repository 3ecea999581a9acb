#include <gtest/gtest.h>

#include <base/context.hpp>

namespace {

TEST(TraceContext, IsCurrentForAScopeOnly) {
    base::TraceContext context;
    context.trace_id[0] = 1;
    EXPECT_FALSE(base::current_context().valid());
    {
        const base::ContextScope scope(context);
        EXPECT_EQ(base::current_context(), context);
    }
    EXPECT_FALSE(base::current_context().valid());
}

TEST(TraceContext, IsRestoredByItsKeeper) {
    base::TraceContext mine;
    mine.trace_id[0] = 1;
    const base::ContextScope scope(mine);
    const base::ContextKeeper keeper;
    {
        const base::ContextScope another_request({});
        keeper.restore();
        EXPECT_EQ(base::current_context(), mine);
    }
}

}  // namespace
