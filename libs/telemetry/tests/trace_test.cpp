#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <telemetry/trace.hpp>

namespace {

using namespace telemetry;

constexpr std::string_view kExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Traceparent, SurvivesARoundTrip) {
    const auto context = trace::parse_traceparent(kExample);
    ASSERT_TRUE(context);
    EXPECT_EQ(trace::hex(context->trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(trace::hex(context->span_id), "00f067aa0ba902b7");
    EXPECT_TRUE(context->sampled);
    EXPECT_EQ(trace::format_traceparent(*context), kExample);
}

TEST(Traceparent, TakesOnlyTheSampledBitOfTheFlags) {
    EXPECT_FALSE(trace::parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
                     ->sampled);
    EXPECT_FALSE(trace::parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe")
                     ->sampled);
    EXPECT_TRUE(trace::parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03")
                    ->sampled);
}

TEST(Traceparent, ReadsLaterVersionsAsFarAsItKnowsThem) {
    EXPECT_TRUE(
        trace::parse_traceparent("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    EXPECT_TRUE(trace::parse_traceparent(
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be-like"));
    EXPECT_FALSE(
        trace::parse_traceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what"));
}

TEST(Traceparent, RefusesWhatTheSpecificationForbids) {
    for (const std::string_view header : {
             "",
             "00",
             // version ff, version that is not hex
             "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             // an id of zeros
             "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
             // upper case
             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
             // too short, too long, another separator, spaces around
             "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
             "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
             " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
         }) {
        EXPECT_FALSE(trace::parse_traceparent(header)) << header;
    }
}

TEST(NewTrace, IsValidAndDiffersEveryTime) {
    std::set<std::string> ids;
    std::vector<std::vector<std::string>> by_thread(4);
    std::vector<std::thread> threads;
    for (auto& mine : by_thread) {
        threads.emplace_back([&mine] {
            for (int i = 0; i < 1000; ++i)
                mine.push_back(trace::hex(trace::new_trace().trace_id));
        });
    }
    for (auto& thread : threads)
        thread.join();
    for (const auto& mine : by_thread)
        ids.insert(mine.begin(), mine.end());
    EXPECT_EQ(ids.size(), 4000U);
}

TEST(ChildOf, StaysInTheTraceAndKeepsTheDecision) {
    auto parent = trace::new_trace();
    for (const bool sampled : {true, false}) {
        parent.sampled = sampled;
        const auto child = trace::child_of(parent);
        EXPECT_EQ(child.trace_id, parent.trace_id);
        EXPECT_NE(child.span_id, parent.span_id);
        EXPECT_EQ(child.sampled, sampled);
    }
}

TEST(ChildOf, StartsATraceWithoutAParent) {
    EXPECT_TRUE(trace::child_of({}).valid());
}

TEST(SamplingRatio, DecidesForNewTracesOnly) {
    const auto share_sampled = [](double ratio) {
        trace::set_sampling_ratio(ratio);
        int sampled = 0;
        for (int i = 0; i < 10'000; ++i)
            sampled += trace::new_trace().sampled ? 1 : 0;
        trace::set_sampling_ratio(1);
        return sampled / 10'000.0;
    };
    EXPECT_EQ(share_sampled(1), 1.0);
    EXPECT_EQ(share_sampled(0), 0.0);
    EXPECT_NEAR(share_sampled(0.25), 0.25, 0.03);  // seven standard deviations
    EXPECT_EQ(share_sampled(-1), 0.0);
    EXPECT_EQ(share_sampled(7), 1.0);
}

}  // namespace
