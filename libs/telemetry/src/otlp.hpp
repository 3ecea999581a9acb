// Spans as an ExportTraceServiceRequest in the JSON encoding of the OpenTelemetry protocol
// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
#pragma once

#include <span>
#include <string>

#include <telemetry/span.hpp>

namespace telemetry::trace {

/// Invalid UTF-8 is replaced and texts are truncated at 4 KiB, as in a log line.
[[nodiscard]] std::string otlp_json(const Resource& resource, std::span<const Span> spans);

}  // namespace telemetry::trace
