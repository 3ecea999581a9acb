// Spans as an ExportTraceServiceRequest in the JSON encoding of the OpenTelemetry protocol
// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
#pragma once

#include <span>
#include <string>

#include <telemetry/span.hpp>

namespace telemetry::trace {

/// Texts are made valid UTF-8 and cut at 4 KiB, like those of a log line.
[[nodiscard]] std::string otlp_json(const Resource& resource, std::span<const Span> spans);

}  // namespace telemetry::trace
