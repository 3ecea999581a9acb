// Sends recorded spans to a collector in batches, from a separate thread: the batch span processor
// of the OpenTelemetry SDK specification (https://opentelemetry.io/docs/specs/otel/trace/sdk/). A
// sender transports the batches, because this library has no HTTP client.
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

/// The outcome of one request to the collector.
struct SendResult {
    int status = 0;            ///< HTTP status; 0: no answer
    std::string failure;       ///< why there was no answer
    std::size_t rejected = 0;  ///< refused spans, according to a 200 answer
    std::optional<std::chrono::milliseconds> retry_after;
};

class SpanSender {
public:
    virtual ~SpanSender() = default;
    /// POSTs one ExportTraceServiceRequest in OTLP's JSON encoding and waits for the answer, within
    /// its own time limit. Called from one thread.
    [[nodiscard]] virtual SendResult send(const std::string& body) = 0;
    /// Makes a running send(), and all later ones, return soon. From any thread.
    virtual void cancel() noexcept = 0;
};

/// The defaults are the specification's (OTEL_BSP_*).
struct SpanExportOptions {
    std::size_t max_queue = 2048;  ///< spans that may wait; further ones are dropped and counted
    std::size_t max_batch = 512;   ///< spans per request; at most max_queue
    std::chrono::milliseconds schedule_delay{5'000};   ///< how long a span waits at most
    std::chrono::milliseconds export_timeout{30'000};  ///< for one batch, its retries included
    /// Before the first retry; doubled for each further one.
    std::chrono::milliseconds retry_delay{1'000};
};

/// Records and exports for as long as it lives; one at a time. A batch with the answer 429, 502,
/// 503 or 504, or without an answer, is retried up to three times, after `Retry-After` or a growing
/// delay. Meanwhile spans queue up and are dropped beyond `max_queue`. A cause of failure is logged
/// once until it changes.
class SpanExporter {
public:
    /// Throws std::logic_error if there is an exporter already or max_batch exceeds max_queue.
    SpanExporter(SpanExportOptions options, std::unique_ptr<SpanSender> sender);
    /// Without shutdown(), discards the remaining spans.
    ~SpanExporter();
    SpanExporter(const SpanExporter&) = delete;
    SpanExporter& operator=(const SpanExporter&) = delete;

    /// Stops recording, sends the waiting spans, and returns when that is done or after about
    /// `timeout`.
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
