// What OpenMetrics asks for beyond the classic text format: exemplars, units, names, an end.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/context.hpp>
#include <telemetry/metrics.hpp>
#include <telemetry/trace.hpp>

namespace {

using namespace telemetry;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

const std::vector<double> kBounds = {0.1, 1};

TEST(OpenMetrics, NamesFamiliesAndUnitsAndEnds) {
    Registry registry;
    registry.counter("cpu_seconds_total", "CPU \"time\".\nAll of it.", {{"a", "b\"c\\d\ne"}})
        .inc(2.5);
    registry.gauge("bytes", "No unit.").set(1e9);
    registry.histogram("wait_seconds", "Waits.", {{"kind", "x"}}, kBounds).observe(0.5);

    EXPECT_EQ(registry.render(Exposition::kOpenMetrics),
              "# TYPE bytes gauge\n"
              "# HELP bytes No unit.\n"
              "bytes 1000000000\n"
              "# TYPE cpu_seconds counter\n"
              "# UNIT cpu_seconds seconds\n"
              "# HELP cpu_seconds CPU \\\"time\\\".\\nAll of it.\n"
              "cpu_seconds_total{a=\"b\\\"c\\\\d\\ne\"} 2.5\n"
              "# TYPE wait_seconds histogram\n"
              "# UNIT wait_seconds seconds\n"
              "# HELP wait_seconds Waits.\n"
              "wait_seconds_bucket{kind=\"x\",le=\"0.1\"} 0\n"
              "wait_seconds_bucket{kind=\"x\",le=\"1.0\"} 1\n"
              "wait_seconds_bucket{kind=\"x\",le=\"+Inf\"} 1\n"
              "wait_seconds_sum{kind=\"x\"} 0.5\n"
              "wait_seconds_count{kind=\"x\"} 1\n"
              "# EOF\n");
}

TEST(Exemplars, LeadFromABucketToTheLatestSampledTrace) {
    Registry registry;
    auto& waits = registry.histogram("wait_seconds", "Waits.", {}, kBounds);
    trace::set_sampling_ratio(1);
    const auto earlier = trace::new_trace();
    const auto later = trace::new_trace();
    {
        const base::ContextScope scope(earlier);
        waits.observe(0.5);
        waits.observe(3);
    }
    {
        const base::ContextScope scope(later);
        waits.observe(0.25);
    }
    const auto text = registry.render(Exposition::kOpenMetrics);
    const auto bucket = [](const char* le, int count, const base::TraceContext& context,
                           const char* value) {
        return "(.|\n)*wait_seconds_bucket\\{le=\"" + std::string(le) + "\"\\} " +
               std::to_string(count) + " # \\{trace_id=\"" + trace::hex(context.trace_id) +
               "\",span_id=\"" + trace::hex(context.span_id) + "\"\\} " + value +
               " [0-9]{10}\\.[0-9]{3}\n(.|\n)*";
    };
    EXPECT_THAT(text, MatchesRegex(bucket("1\\.0", 2, later, "0\\.25")));
    EXPECT_THAT(text, MatchesRegex(bucket("\\+Inf", 3, earlier, "3")));
    EXPECT_THAT(text, HasSubstr("le=\"0.1\"} 0\n"));
    // The classic format has no place for them.
    EXPECT_THAT(registry.render(), Not(HasSubstr("trace_id")));
}

TEST(Exemplars, AreNotTakenOfTracesThatNobodyKeeps) {
    Registry registry;
    auto& waits = registry.histogram("wait_seconds", "Waits.", {}, kBounds);
    waits.observe(0.5);
    auto context = trace::new_trace();
    context.sampled = false;
    const base::ContextScope scope(context);
    waits.observe(0.5);
    EXPECT_THAT(registry.render(Exposition::kOpenMetrics), Not(HasSubstr("trace_id")));
}

TEST(Exposition, SpellsWhatIsNoFiniteNumber) {
    Registry registry;
    registry.gauge("a", "Help.").set(std::numeric_limits<double>::infinity());
    registry.gauge("b", "Help.").set(-std::numeric_limits<double>::infinity());
    registry.gauge("c", "Help.").set(std::numeric_limits<double>::quiet_NaN());
    const auto text = registry.render();
    EXPECT_THAT(text, HasSubstr("\na +Inf\n"));
    EXPECT_THAT(text, HasSubstr("\nb -Inf\n"));
    EXPECT_THAT(text, HasSubstr("\nc NaN\n"));
}

}  // namespace
