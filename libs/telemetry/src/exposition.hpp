// Metrics as text, in either of the formats that Prometheus reads.
#pragma once

#include <string>
#include <string_view>

#include <telemetry/metrics.hpp>

#include "family.hpp"

namespace telemetry {

/// method="GET",status="200"; values escaped.
[[nodiscard]] std::string label_text(const Labels& labels);

/// Appends all families. Values may change meanwhile; a histogram's count is the sum of the
/// buckets that were written.
void append_exposition(std::string& out, const Families& families, Exposition format);

}  // namespace telemetry
