#include "span_queue.hpp"

#include <algorithm>
#include <iterator>

namespace telemetry::trace {

bool SpanQueue::open(std::size_t max_spans, std::size_t batch) {
    const std::lock_guard lock(mutex_);
    if (open_) return false;
    open_ = true;
    max_spans_ = max_spans;
    batch_ = batch;
    spans_.clear();
    detail::recording = true;
    return true;
}

void SpanQueue::close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
    detail::recording = false;
    filled_.notify_all();
}

void SpanQueue::push(Span span) {
    const std::lock_guard lock(mutex_);
    if (!open_) return;
    if (spans_.size() >= max_spans_) {
        span_counters().dropped.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    spans_.push_back(std::move(span));
    // Only if needed, because waking a thread is a system call.
    if (spans_.size() == batch_) filled_.notify_one();
}

std::optional<std::vector<Span>> SpanQueue::take(std::chrono::milliseconds delay) {
    std::unique_lock lock(mutex_);
    filled_.wait_for(lock, delay, [this] { return !open_ || spans_.size() >= batch_; });
    if (!open_ && spans_.empty()) return std::nullopt;
    const auto count = std::min(batch_, spans_.size());
    const auto end = spans_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Span> batch(std::make_move_iterator(spans_.begin()), std::make_move_iterator(end));
    spans_.erase(spans_.begin(), end);
    return batch;
}

Resource SpanQueue::resource() {
    const std::lock_guard lock(mutex_);
    return resource_;
}

void SpanQueue::set_resource(Resource resource) {
    const std::lock_guard lock(mutex_);
    resource_ = std::move(resource);
}

SpanQueue& span_queue() {
    // Never destroyed: threads may record until the very end of the process.
    static auto& instance = *new SpanQueue();
    return instance;
}

SpanCounters& span_counters() noexcept {
    static SpanCounters instance;
    return instance;
}

void record(Span span) noexcept {
    if (!wants_span(span.context)) return;
    try {
        span_queue().push(std::move(span));
    } catch (...) {  // out of memory
        span_counters().dropped.fetch_add(1, std::memory_order_relaxed);
    }
}

SpanStats span_stats() noexcept {
    const auto& counters = span_counters();
    return {.exported = counters.exported.load(std::memory_order_relaxed),
            .dropped = counters.dropped.load(std::memory_order_relaxed),
            .failed = counters.failed.load(std::memory_order_relaxed)};
}

void set_resource(Resource resource) {
    span_queue().set_resource(std::move(resource));
}

}  // namespace telemetry::trace
