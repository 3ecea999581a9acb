// Recorded spans -> a collector, in batches, from a thread of its own: the batch span processor of
// the OpenTelemetry SDK specification (https://opentelemetry.io/docs/specs/otel/trace/sdk/). How a
// batch travels is the sender's business, since this library knows no HTTP client.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <telemetry/span.hpp>

namespace telemetry::trace {

/// What became of one request to the collector.
struct SendResult {
    int status = 0;            ///< of HTTP; 0: there was no answer
    std::string failure;       ///< why there was none
    std::size_t rejected = 0;  ///< spans that an answer of 200 says it refused
    std::optional<std::chrono::milliseconds> retry_after;
};

class SpanSender {
public:
    virtual ~SpanSender() = default;
    /// POSTs one ExportTraceServiceRequest in OTLP's JSON encoding and waits for the answer, within
    /// a time limit of its own. Called from one thread.
    [[nodiscard]] virtual SendResult send(const std::string& body) = 0;
    /// Makes a send() that is under way, and all later ones, return soon. From any thread.
    virtual void cancel() noexcept = 0;
};

/// The defaults are the specification's (OTEL_BSP_*).
struct SpanExportOptions {
    std::size_t max_queue = 2048;  ///< spans that may wait; more are dropped and counted
    std::size_t max_batch = 512;   ///< spans a request; at most max_queue
    std::chrono::milliseconds schedule_delay{5'000};   ///< the longest that a span waits to be sent
    std::chrono::milliseconds export_timeout{30'000};  ///< for one batch, its retries included
    /// Before the first retry; doubled for each further one.
    std::chrono::milliseconds retry_delay{1'000};
};

/// Records and exports for as long as it lives; one at a time. What the collector answers with 429,
/// 502, 503 or 504, or not at all, is sent again up to three times, after `Retry-After` or a
/// growing delay; spans pile up meanwhile and are dropped beyond `max_queue`. A cause of failure is
/// logged once until it changes.
class SpanExporter {
public:
    /// Throws std::logic_error when there is one already or max_batch exceeds max_queue.
    SpanExporter(SpanExportOptions options, std::unique_ptr<SpanSender> sender);
    /// Discards what shutdown() was not called for.
    ~SpanExporter();
    SpanExporter(const SpanExporter&) = delete;
    SpanExporter& operator=(const SpanExporter&) = delete;

    /// Records no more, sends what waits, and returns when that is done or after about `timeout`.
    void shutdown(std::chrono::milliseconds timeout);

private:
    using Clock = std::chrono::steady_clock;

    void run();
    void export_batch(const std::vector<Span>& batch);
    [[nodiscard]] std::string try_to_send(const std::string& body, std::size_t spans);
    [[nodiscard]] bool pause(std::chrono::milliseconds delay, Clock::time_point deadline);
    [[nodiscard]] bool past_shutdown();
    void report(const std::string& cause);

    const SpanExportOptions options_;
    const std::unique_ptr<SpanSender> sender_;
    std::string reported_;  // the cause of failure that was logged last; empty: none
    std::minstd_rand jitter_{std::random_device{}()};

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Clock::time_point> shutdown_deadline_;
    bool finished_ = false;
    std::thread thread_;
};

}  // namespace telemetry::trace
