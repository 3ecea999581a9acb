#include <gtest/gtest.h>

#include <base/context.hpp>

namespace {

base::TraceContext request(std::uint8_t number) {
    base::TraceContext context;
    context.trace_id[0] = number;
    return context;
}

TEST(ContextScope, IsCurrentForAScopeOnly) {
    EXPECT_FALSE(base::current_context().valid());
    {
        const base::ContextScope scope(request(1));
        EXPECT_EQ(base::current_context(), request(1));
    }
    EXPECT_FALSE(base::current_context().valid());
}

TEST(ContextScope, IsNoRequestByDefault) {
    const base::ContextScope scope(request(1));
    {
        const base::ContextScope no_request;
        EXPECT_FALSE(base::current_context().valid());
    }
    EXPECT_EQ(base::current_context(), request(1));
}

}  // namespace
