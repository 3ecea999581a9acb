// A streamed response body as a part of its request: it runs in the request's trace context, and
// its end is logged and counted.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <base/context.hpp>
#include <telemetry/metrics.hpp>
#include <web/body_stream.hpp>

namespace web {

/// Wraps a handler's stream. The access log and the metrics of the request tell of the time to the
/// response's head; this logs "stream ended" with the time and the bytes of the body.
class RequestStream : public BodyStream {
public:
    /// `active` counts the streams that are open; nullptr: nobody counts.
    RequestStream(std::shared_ptr<BodyStream> inner, std::string route, telemetry::Gauge* active);
    ~RequestStream() override;
    RequestStream(const RequestStream&) = delete;
    RequestStream& operator=(const RequestStream&) = delete;

    /// Logs a failure before it throws it on.
    base::Task<std::optional<std::string>> next() override;
    void stop() noexcept override;

private:
    void log_failure(std::string_view error) const;

    std::shared_ptr<BodyStream> inner_;
    const std::string route_;
    telemetry::Gauge* active_;
    base::TraceContext context_ = base::current_context();
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::size_t bytes_ = 0;
    bool complete_ = false;
};

}  // namespace web
