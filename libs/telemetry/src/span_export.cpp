#include <algorithm>
#include <pthread.h>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <telemetry/log.hpp>
#include <telemetry/span_export.hpp>

#include "otlp.hpp"
#include "span_queue.hpp"

namespace telemetry::trace {
namespace {

constexpr int kMaxAttempts = 4;

// The specification's list (OTLP/HTTP response, failures); no answer at all is retried as well.
bool is_retryable(int status) {
    return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

bool is_success(int status) {
    return status >= 200 && status < 300;
}

}  // namespace

SpanExporter::SpanExporter(SpanExportOptions options, std::unique_ptr<SpanSender> sender)
    : options_(options), sender_(std::move(sender)) {
    if (options_.max_batch == 0 || options_.max_batch > options_.max_queue) {
        throw std::logic_error("a batch of spans has to fit into the queue");
    }
    if (!span_queue().open(options_.max_queue, options_.max_batch)) {
        throw std::logic_error("spans have an exporter already");
    }
    thread_ = std::thread([this] { run(); });
}

SpanExporter::~SpanExporter() {
    shutdown(std::chrono::milliseconds(0));
}

void SpanExporter::shutdown(std::chrono::milliseconds timeout) {
    if (!thread_.joinable()) return;
    const auto deadline = Clock::now() + timeout;
    {
        std::unique_lock lock(mutex_);
        shutdown_deadline_ = deadline;
        changed_.notify_all();
        span_queue().close();
        changed_.wait_until(lock, deadline, [this] { return finished_; });
    }
    sender_->cancel();
    thread_.join();
}

void SpanExporter::run() {
    ::pthread_setname_np(::pthread_self(), "span-export");
    while (const auto batch = span_queue().take(options_.schedule_delay)) {
        if (!batch->empty()) export_batch(*batch);
    }
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
}

void SpanExporter::export_batch(const std::vector<Span>& batch) {
    std::string cause;
    try {
        cause = past_shutdown()
                    ? "the process ends"
                    : try_to_send(otlp_json(span_queue().resource(), batch), batch.size());
    } catch (const std::exception& error) {
        cause = error.what();
    }
    if (!cause.empty()) span_counters().failed.fetch_add(batch.size(), std::memory_order_relaxed);
    report(cause);
}

// Returns why the batch was given up; empty: the collector accepted it.
std::string SpanExporter::try_to_send(const std::string& body, std::size_t spans) {
    const auto deadline = Clock::now() + options_.export_timeout;
    auto delay = options_.retry_delay;
    for (int attempt = 1;; ++attempt) {
        const auto result = sender_->send(body);
        if (is_success(result.status)) {
            const auto rejected = std::min(result.rejected, spans);
            span_counters().exported.fetch_add(spans - rejected, std::memory_order_relaxed);
            span_counters().failed.fetch_add(rejected, std::memory_order_relaxed);
            return "";
        }
        auto cause = result.status == 0 ? result.failure : fmt::format("status {}", result.status);
        if (attempt == kMaxAttempts || !is_retryable(result.status)) return cause;
        // Services that lost their collector at the same time must not all retry at the same time.
        const auto jittered = delay * std::uniform_int_distribution<int>(50, 100)(jitter_) / 100;
        if (!pause(result.retry_after.value_or(jittered), deadline)) return cause;
        delay *= 2;
    }
}

// Returns false if there is no time left for another attempt.
bool SpanExporter::pause(std::chrono::milliseconds delay, Clock::time_point deadline) {
    const auto until = Clock::now() + delay;
    std::unique_lock lock(mutex_);
    // When the process ends, do not wait for the collector to recover: make one more attempt.
    changed_.wait_until(lock, std::min(until, deadline),
                        [this] { return shutdown_deadline_.has_value(); });
    if (shutdown_deadline_) return Clock::now() < *shutdown_deadline_;
    return until < deadline;
}

bool SpanExporter::past_shutdown() {
    const std::lock_guard lock(mutex_);
    return shutdown_deadline_ && Clock::now() >= *shutdown_deadline_;
}

void SpanExporter::report(const std::string& cause) {
    if (cause == reported_) return;
    if (cause.empty()) {
        log::info("traces reach the collector again");
    } else {
        log::warn("traces do not reach the collector", {{"cause", cause}});
    }
    reported_ = cause;
}

}  // namespace telemetry::trace
