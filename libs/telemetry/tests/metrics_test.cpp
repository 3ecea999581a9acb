#include <ctime>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <telemetry/metrics.hpp>

namespace {

using namespace telemetry;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TEST(Registry, RendersTheTextExpositionFormat) {
    Registry registry;
    registry.counter("requests_total", "Requests.", {{"method", "GET"}, {"status", "200"}}).inc();
    registry.counter("requests_total", "Requests.", {{"method", "GET"}, {"status", "404"}}).inc(2);
    registry.gauge("active", "In flight.").set(0.5);
    const std::vector<double> buckets = {0.1, 0.25};
    auto& durations = registry.histogram("duration_seconds", "Durations.", {}, buckets);
    durations.observe(0.05);
    durations.observe(0.25);  // a bound belongs to its bucket
    durations.observe(3);

    EXPECT_EQ(registry.render(),
              "# TYPE active gauge\n"
              "# HELP active In flight.\n"
              "active 0.5\n"
              "# TYPE duration_seconds histogram\n"
              "# HELP duration_seconds Durations.\n"
              "duration_seconds_bucket{le=\"0.1\"} 1\n"
              "duration_seconds_bucket{le=\"0.25\"} 2\n"
              "duration_seconds_bucket{le=\"+Inf\"} 3\n"
              "duration_seconds_sum 3.3\n"
              "duration_seconds_count 3\n"
              "# TYPE requests_total counter\n"
              "# HELP requests_total Requests.\n"
              "requests_total{method=\"GET\",status=\"200\"} 1\n"
              "requests_total{method=\"GET\",status=\"404\"} 2\n");
}

TEST(Registry, EscapesLabelValues) {
    Registry registry;
    registry.gauge("g", "Help.", {{"path", "a\"b\\c\nd"}}).set(1);
    EXPECT_THAT(registry.render(), HasSubstr(R"(g{path="a\"b\\c\nd"} 1)"));
}

TEST(Registry, YieldsTheSameObjectForTheSameLabels) {
    Registry registry;
    auto& first = registry.counter("c_total", "Help.", {{"a", "1"}});
    for (int i = 0; i < 500; ++i) {
        registry.counter("c_total", "Help.", {{"a", std::to_string(i)}}).inc();
    }
    EXPECT_EQ(&first, &registry.counter("c_total", "Help.", {{"a", "1"}}));
    EXPECT_EQ(first.value(), 1);
}

TEST(Registry, RefusesWhatPrometheusDoes) {
    Registry registry;
    EXPECT_THROW(static_cast<void>(registry.counter("9lives", "Help.")), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(registry.counter("requests", "Help.")), std::invalid_argument);
    for (const auto* label : {"a-b", "", "9a", "__a"}) {
        EXPECT_THROW(static_cast<void>(registry.counter("c_total", "Help.", {{label, "1"}})),
                     std::invalid_argument);
    }
    EXPECT_THROW(static_cast<void>(registry.histogram("h", "Help.", {{"le", "1"}})),
                 std::invalid_argument);
    static_cast<void>(registry.gauge("g", "Help."));
    EXPECT_THROW(static_cast<void>(registry.counter("g", "Help.")), std::invalid_argument);
}

TEST(Registry, RefusesBucketsThatDoNotAscendOrDiffer) {
    Registry registry;
    const std::vector<double> descending = {2, 1};
    EXPECT_THROW(static_cast<void>(registry.histogram("h_seconds", "Help.", {}, descending)),
                 std::invalid_argument);
    static_cast<void>(registry.histogram("h_seconds", "Help."));
    const std::vector<double> others = {1, 2};
    EXPECT_THROW(static_cast<void>(registry.histogram("h_seconds", "Help.", {}, others)),
                 std::invalid_argument);
}

TEST(Registry, CapsTheSeriesOfAFamily) {
    Registry registry(3);
    for (int i = 0; i < 10; ++i) {
        registry.counter("c_total", "Help.", {{"user", std::to_string(i)}, {"kind", "x"}}).inc();
    }
    const auto text = registry.render();
    EXPECT_THAT(text, HasSubstr(R"(c_total{kind="x",user="2"} 1)"));
    EXPECT_THAT(text, Not(HasSubstr(R"(user="3")")));
    EXPECT_THAT(text, HasSubstr(R"(c_total{kind="overflow",user="overflow"} 7)"));
    // Other families have a cap of their own.
    registry.counter("d_total", "Help.", {{"user", "9"}}).inc();
    EXPECT_THAT(registry.render(), HasSubstr(R"(d_total{user="9"} 1)"));
}

TEST(Counter, NeverShrinks) {
    Registry registry;
    auto& counter = registry.counter("c_total", "Help.");
    counter.inc(2);
    counter.inc(-1);
    EXPECT_EQ(counter.value(), 2);
}

TEST(Metrics, CountExactlyFromManyThreads) {
    Registry registry;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&registry] {
            for (int i = 0; i < 1000; ++i) {
                registry.counter("c_total", "Help.", {{"i", std::to_string(i % 7)}}).inc();
                registry.histogram("h_seconds", "Help.").observe(0.2);
                registry.gauge("g", "Help.").inc();
                registry.gauge("g", "Help.").dec();
                if (i % 250 == 0) static_cast<void>(registry.render());
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    double total = 0;
    for (int i = 0; i < 7; ++i) {
        total += registry.counter("c_total", "Help.", {{"i", std::to_string(i)}}).value();
    }
    EXPECT_EQ(total, 4000);
    EXPECT_EQ(registry.gauge("g", "Help.").value(), 0);
    EXPECT_THAT(registry.render(), HasSubstr("h_seconds_bucket{le=\"0.25\"} 4000"));
}

TEST(ScrapeHook, RunsAtEveryRenderUntilItIsGone) {
    Registry registry;
    auto& gauge = registry.gauge("g", "Help.");
    int calls = 0;
    {
        const auto hook = registry.on_scrape([&] { gauge.set(++calls); });
        EXPECT_THAT(registry.render(), HasSubstr("g 1\n"));
        EXPECT_THAT(registry.render(), HasSubstr("g 2\n"));
    }
    EXPECT_THAT(registry.render(), HasSubstr("g 2\n"));
    EXPECT_EQ(calls, 2);
}

TEST(ScrapeHook, MayOutliveItsRegistryAndBeMoved) {
    ScrapeHook survivor;
    {
        Registry registry;
        survivor = registry.on_scrape([] {});
    }
    ScrapeHook other = std::move(survivor);
    survivor = ScrapeHook();
}

TEST(ScrapeHook, ThatThrowsDoesNotSpoilTheScrape) {
    Registry registry;
    registry.gauge("g", "Help.").set(7);
    const auto hook = registry.on_scrape([] { throw std::runtime_error("gone"); });
    EXPECT_THAT(registry.render(), HasSubstr("g 7\n"));
}

TEST(ProcessMetrics, AreReadFromProc) {
    Registry registry;
    add_process_metrics(registry);
    // Burn some CPU time: the kernel counts in ticks of 10 ms. It is this process's own time: on a
    // busy machine a good part of the clock's may be another's.
    while (std::clock() < CLOCKS_PER_SEC / 20) {
    }
    const auto text = registry.render();
    for (const auto* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                             "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
                             "process_start_time_seconds", "process_threads"}) {
        EXPECT_THAT(text,
                    MatchesRegex(std::string("(.|\n)*\n") + name + " [1-90][0-9.e+]*\n(.|\n)*"))
            << text;
    }
    const auto now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    EXPECT_NEAR(registry.gauge("process_start_time_seconds", "").value(), now, 60);
    EXPECT_GT(registry.counter("process_cpu_seconds_total", "").value(), 0);
    EXPECT_GT(registry.gauge("process_resident_memory_bytes", "").value(), 1e6);
    EXPECT_GE(registry.gauge("process_open_fds", "").value(), 3);
}

TEST(BuildInfo, NamesTheBuild) {
    Registry registry;
    add_build_info(registry, "api", "1.2.3");
    EXPECT_THAT(registry.render(), HasSubstr("service=\"api\",version=\"1.2.3\"} 1\n"));
    EXPECT_THAT(registry.render(), HasSubstr("log_lines_dropped_total 0\n"));
}

}  // namespace
