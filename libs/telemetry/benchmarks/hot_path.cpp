// Measures the cost of observing a request. Build `telemetry_benchmarks` and run it with stdout to
// a reader, such as `telemetry_benchmarks | cat >/dev/null`; results are on stderr. The CPU column
// is the CPU time of the whole process, including the log's thread.
#include <array>
#include <iostream>
#include <string>

#include <benchmark/benchmark.h>

#include <base/context.hpp>
#include <telemetry/log.hpp>
#include <telemetry/metrics.hpp>
#include <telemetry/trace.hpp>

namespace {

using namespace telemetry;

void log_request() {
    const std::array<log::Field, 6> fields{{{"method", "GET"},
                                            {"route", "/v1/items/{id}"},
                                            {"path", "/v1/items/4711"},
                                            {"status", 200},
                                            {"duration_ms", 0.123456},
                                            {"bytes", 214}}};
    log::write(log::Level::kInfo, "request", fields);
}

void AccessLogLine(benchmark::State& state) {
    const base::ContextScope scope(trace::new_trace());
    for (auto _ : state)
        log_request();
}

void Metrics(benchmark::State& state) {
    static Registry registry;
    auto& active = registry.gauge("active", "Help.");
    auto& count = registry.counter("requests_total", "Help.");
    auto& duration = registry.histogram("duration_seconds", "Help.");
    for (auto _ : state) {
        active.inc();
        duration.observe(0.0007);
        count.inc();
        active.dec();
    }
}

// Everything together, with a new trace, of which one in a hundred is sampled.
void Request(benchmark::State& state) {
    static Registry registry;
    auto& active = registry.gauge("active", "Help.");
    auto& count = registry.counter("requests_total", "Help.");
    auto& duration = registry.histogram("duration_seconds", "Help.");
    trace::set_sampling_ratio(0.01);
    for (auto _ : state) {
        const base::ContextScope scope(trace::new_trace());
        active.inc();
        duration.observe(0.0007);
        count.inc();
        active.dec();
        log_request();
    }
}

// A histogram and a counter with as many series as a family may have.
void Scrape(benchmark::State& state) {
    Registry registry;
    for (int i = 0; i < 1000; ++i) {
        const Labels labels = {{"method", "GET"}, {"route", "/v1/things/" + std::to_string(i)}};
        registry.counter("requests_total", "Help.", labels).inc(i);
        registry.histogram("duration_seconds", "Help.", labels).observe(i * 0.0001);
    }
    std::size_t bytes = 0;
    for (auto _ : state)
        bytes = registry.render().size();
    state.counters["bytes"] = static_cast<double>(bytes);
}

BENCHMARK(AccessLogLine)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(AccessLogLine)->MeasureProcessCPUTime()->UseRealTime()->Threads(2);
BENCHMARK(Metrics)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(Metrics)->MeasureProcessCPUTime()->UseRealTime()->Threads(2);
BENCHMARK(Request)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(Scrape)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
    log::configure({.service = "api"});
    benchmark::Initialize(&argc, argv);
    benchmark::ConsoleReporter reporter;
    reporter.SetOutputStream(&std::cerr);
    reporter.SetErrorStream(&std::cerr);
    benchmark::RunSpecifiedBenchmarks(&reporter);
    log::flush();
    return 0;
}
