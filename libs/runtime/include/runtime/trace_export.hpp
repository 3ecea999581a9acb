// Traces over OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), as the standard
// variables say (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <base/config.hpp>
#include <telemetry/span_export.hpp>
#include <web/http.hpp>

namespace runtime {

struct TraceExportConfig {
    std::string base_url;                       ///< "http://collector:4318"
    std::string target;                         ///< "/v1/traces"
    web::Headers headers;                       ///< sent with every request; for credentials
    std::chrono::milliseconds timeout{10'000};  ///< for one request
    telemetry::trace::SpanExportOptions batches;
};

/// Reads OTEL_EXPORTER_OTLP_ENDPOINT (to which /v1/traces is added) or
/// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT (taken as it is), OTEL_EXPORTER_OTLP_HEADERS,
/// OTEL_EXPORTER_OTLP_TIMEOUT, OTEL_EXPORTER_OTLP_PROTOCOL (http/json is the only one) and
/// OTEL_BSP_{MAX_QUEUE_SIZE,MAX_EXPORT_BATCH_SIZE,SCHEDULE_DELAY,EXPORT_TIMEOUT}; durations are
/// milliseconds. nullopt: no endpoint, so nothing is recorded. What is wrong is reported by the
/// reader's finish().
[[nodiscard]] std::optional<TraceExportConfig> read_trace_export(base::EnvReader& env);

/// What OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME say about the service.
[[nodiscard]] telemetry::trace::Resource read_resource(base::EnvReader& env);

/// Records spans from now on and sends them from a thread of its own, which no request waits for.
[[nodiscard]] std::unique_ptr<telemetry::trace::SpanExporter> start_trace_export(
    const TraceExportConfig& config);

}  // namespace runtime
