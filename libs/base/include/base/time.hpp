// Points in time as the platform exchanges them: UTC, microseconds, RFC 3339.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// UTC with PostgreSQL's own resolution, so that a timestamptz survives a round trip.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// True if the year has four digits, 0000 to 9999. RFC 3339 cannot write others.
[[nodiscard]] bool has_rfc3339_form(Timestamp time);

/// "2026-01-31T23:59:59.123456Z" (RFC 3339, section 5.6). Always six places, so that texts sort
/// like times. For times that have that form.
[[nodiscard]] std::string format_rfc3339(Timestamp time);

/// Reads an RFC 3339 date-time with any offset and 0 to 6 fractional digits; nullopt for anything
/// else, and if the offset moves the time out of those years. A leap second (":60") is read as the
/// first second of the next minute.
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace base
