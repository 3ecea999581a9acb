// Traces over OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), configured by the
// standard variables (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
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
/// milliseconds. nullopt: no endpoint, so nothing is recorded. The reader's finish() reports
/// errors.
[[nodiscard]] std::optional<TraceExportConfig> read_trace_export(base::EnvReader& env);

/// The service's attributes from OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME.
[[nodiscard]] telemetry::trace::Resource read_resource(base::EnvReader& env);

/// Records spans from now on and sends them from a separate thread. No request waits for it.
[[nodiscard]] std::unique_ptr<telemetry::trace::SpanExporter> start_trace_export(
    const TraceExportConfig& config);

}  // namespace runtime
