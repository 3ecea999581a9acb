// Metrics for Prometheus to scrape (https://prometheus.io/docs/concepts/metric_types/).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <base/context.hpp>

namespace telemetry {

/// Label names and values. Values come from a small fixed set: a route template, never a raw path.
using Labels = std::map<std::string, std::string>;

/// Upper bounds in seconds for the duration of a request or a query. 0.25 s is a bound because it
/// is the latency objective, and a quantile is exact only at a bound.
inline constexpr std::array<double, 14> kLatencyBuckets = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};

/// The formats that Prometheus reads. Only OpenMetrics supports exemplars.
enum class Exposition {
    kText,         ///< https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4
    kOpenMetrics,  ///< https://prometheus.io/docs/specs/om/open_metrics_spec/, version 1.0
};

/// The Content-Type of a format.
[[nodiscard]] std::string_view content_type(Exposition format) noexcept;

/// The end of every counter's name.
inline constexpr std::string_view kCounterSuffix = "_total";

// The handles below belong to a Registry, never move, and are safe to use from any thread without
// a lock. An update is a relaxed atomic operation: metrics order nothing.

/// Something that only grows: requests served, bytes sent.
class Counter {
public:
    Counter() noexcept = default;
    Counter(const Counter&) = delete;
    Counter& operator=(const Counter&) = delete;

    /// A negative amount changes nothing.
    void inc(double amount = 1) noexcept {
        if (amount > 0) value_.fetch_add(amount, std::memory_order_relaxed);
    }
    [[nodiscard]] double value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<double> value_{0};
};

/// Something that goes up and down: requests in flight, connections open.
class Gauge {
public:
    Gauge() noexcept = default;
    Gauge(const Gauge&) = delete;
    Gauge& operator=(const Gauge&) = delete;

    void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
    void inc(double amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
    void dec(double amount = 1) noexcept { value_.fetch_sub(amount, std::memory_order_relaxed); }
    [[nodiscard]] double value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<double> value_{0};
};

/// One observation and its span: leads from a bucket to a trace.
struct Exemplar {
    base::TraceContext context;
    double value = 0;
    std::chrono::system_clock::time_point time;
};

/// The distribution of measured values: durations in seconds, sizes in bytes. Each bucket keeps the
/// latest observation within a sampled trace.
class Histogram {
public:
    /// `bounds` ascend; one more bucket has no bound.
    explicit Histogram(const std::vector<double>& bounds);
    Histogram(const Histogram&) = delete;
    Histogram& operator=(const Histogram&) = delete;

    void observe(double value) noexcept;

    /// The number of observations in this bucket, without the buckets below.
    [[nodiscard]] std::uint64_t bucket(std::size_t index) const noexcept;
    [[nodiscard]] double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::optional<Exemplar> exemplar(std::size_t index) const;

private:
    void keep_exemplar(std::size_t index, double value) noexcept;

    std::vector<double> bounds_;
    std::vector<std::atomic<std::uint64_t>> buckets_;
    std::atomic<double> sum_{0};
    mutable std::mutex exemplars_mutex_;  // observe() does not wait for it
    std::vector<std::optional<Exemplar>> exemplars_;
};

/// Owns a callback of Registry::on_scrape(). The destructor removes the callback and waits for a
/// running scrape, so the callback must not destroy its own hook.
class ScrapeHook {
public:
    ScrapeHook() noexcept = default;
    ScrapeHook(ScrapeHook&&) noexcept = default;
    ScrapeHook& operator=(ScrapeHook&& other) noexcept;
    ~ScrapeHook();

    /// Keeps the callback for as long as the registry lives.
    void keep() && noexcept;

private:
    friend class Registry;
    struct Hooks;
    ScrapeHook(std::weak_ptr<Hooks> hooks, std::size_t id) noexcept;
    void remove() noexcept;

    std::weak_ptr<Hooks> hooks_;
    std::size_t id_ = 0;
};

/// The metrics of one process. Thread-safe.
///
/// A look-up takes a lock and a search: keep the reference and do not look it up for each request.
/// The same name and labels give the same object.
///
/// Throws std::invalid_argument, a bug of the caller, for a name or label that Prometheus does not
/// allow, for a counter whose name does not end in _total, for a name that another type uses, and
/// for buckets that differ from the family's.
class Registry {
public:
    /// A family (all series of one name) holds at most `max_series` series, so that a label taken
    /// from user input cannot exhaust memory here and in Prometheus. Further combinations share one
    /// series whose label values all read "overflow"; a warning is logged once for each family.
    explicit Registry(std::size_t max_series = 1000);
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    /// `name` ends in _total, `help` is one sentence.
    [[nodiscard]] Counter& counter(const std::string& name, const std::string& help,
                                   const Labels& labels = {});
    [[nodiscard]] Gauge& gauge(const std::string& name, const std::string& help,
                               const Labels& labels = {});
    /// `name` ends in its base unit (_seconds, _bytes); `buckets` are ascending upper bounds.
    [[nodiscard]] Histogram& histogram(const std::string& name, const std::string& help,
                                       const Labels& labels = {},
                                       std::span<const double> buckets = kLatencyBuckets);

    /// Calls `callback` at the start of every render(), on the thread that renders: the place to
    /// set gauges whose value is known elsewhere (connections of a pool). It may look up metrics,
    /// but must not call on_scrape() or render(). An exception is logged, and the scrape continues.
    [[nodiscard]] ScrapeHook on_scrape(std::function<void()> callback);

    /// All metrics, sorted by name and labels.
    [[nodiscard]] std::string render(Exposition format = Exposition::kText);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Adds the metrics that every Prometheus client reports about its process, read from /proc at each
/// scrape: process_cpu_seconds_total, process_resident_memory_bytes, process_virtual_memory_bytes,
/// process_open_fds, process_max_fds, process_start_time_seconds, process_threads.
void add_process_metrics(Registry& registry);

/// Adds build_info{service,version,compiler} = 1: the running version, to join with other metrics.
/// Also adds telemetry's own losses and exports: log_lines_dropped_total and
/// otel_spans_{exported,dropped,failed}_total.
void add_build_info(Registry& registry, const std::string& service, const std::string& version);

}  // namespace telemetry
