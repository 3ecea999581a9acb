// The queue of spans for the exporter: bounded, and one for the whole process, so that recording
// needs no handle.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include <telemetry/span.hpp>

namespace telemetry::trace {

class SpanQueue {
public:
    /// Returns false if it is open already.
    [[nodiscard]] bool open(std::size_t max_spans, std::size_t batch);
    /// Accepts no more spans; take() returns the remaining ones.
    void close();

    void push(Span span);
    /// Waits for a full batch, for `delay`, or for the end. nullopt: closed and empty.
    [[nodiscard]] std::optional<std::vector<Span>> take(std::chrono::milliseconds delay);

    [[nodiscard]] Resource resource();
    void set_resource(Resource resource);

private:
    std::mutex mutex_;
    std::condition_variable filled_;
    bool open_ = false;
    std::size_t max_spans_ = 0;
    std::size_t batch_ = 0;
    std::vector<Span> spans_;  // in the order they were recorded
    Resource resource_;
};

[[nodiscard]] SpanQueue& span_queue();

/// Read by span_stats().
struct SpanCounters {
    std::atomic<std::uint64_t> exported{0};
    std::atomic<std::uint64_t> dropped{0};
    std::atomic<std::uint64_t> failed{0};
};
[[nodiscard]] SpanCounters& span_counters() noexcept;

}  // namespace telemetry::trace
