// The environment variables that every service has, read in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <base/config.hpp>
#include <runtime/service.hpp>
#include <telemetry/log.hpp>

namespace runtime {

struct Settings {
    ServiceConfig service;
    std::size_t threads = 0;  ///< 0: one for each core
    telemetry::log::Level log_level = telemetry::log::Level::kInfo;
    telemetry::log::Format log_format = telemetry::log::Format::kJson;
    double sampling_ratio = 1;  ///< the share of new traces that is recorded
};

/// <PREFIX>_HOST (0.0.0.0), <PREFIX>_PORT, <PREFIX>_THREADS (0), LOG_LEVEL (info), LOG_FORMAT
/// (json), DRAIN_DELAY_SECONDS (5), DRAIN_TIMEOUT_SECONDS (20), OTEL_TRACES_SAMPLER_ARG (1). What
/// is wrong is reported by the reader's finish().
[[nodiscard]] Settings read_settings(base::EnvReader& env, const std::string& prefix,
                                     std::uint16_t default_port);

/// Sets up logs and sampling for the process.
void apply_settings(const Settings& settings, const std::string& service_name);

}  // namespace runtime
