// The identity of a trace between services: W3C Trace Context
// (https://www.w3.org/TR/trace-context/). base::current_context() is the identity of the current
// request; this header creates, reads and writes identities.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <base/context.hpp>

namespace telemetry::trace {

/// Reads a `traceparent` header (section 3.2), strictly: lower-case hex, no surrounding space, an
/// all-zero id or version ff refused. For versions above 00 it reads the four known parts, as the
/// specification requires. nullopt: ignore the header and start a new trace.
[[nodiscard]] std::optional<base::TraceContext> parse_traceparent(std::string_view header) noexcept;

/// The `traceparent` to send with an outgoing call: version 00, 55 characters.
[[nodiscard]] std::string format_traceparent(const base::TraceContext& context);

/// The first span of a new trace, for a request that came without one. Whether it is sampled
/// follows from its trace id and the sampling ratio, so all services with the same ratio decide the
/// same (OpenTelemetry's TraceIdRatioBased).
[[nodiscard]] base::TraceContext new_trace();

/// A new span in the trace of `parent`, sampled when the parent is (parent-based sampling). An
/// invalid parent starts a new trace.
[[nodiscard]] base::TraceContext child_of(const base::TraceContext& parent);

/// The share of new traces that is sampled, clamped to 0..1; 1 until set. Thread-safe.
void set_sampling_ratio(double ratio) noexcept;

/// Lower-case hex of a trace id (32 characters) or a span id (16).
[[nodiscard]] std::string hex(std::span<const std::uint8_t> id);

}  // namespace telemetry::trace
