// The environment variables that every service has, read in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <base/config.hpp>
#include <runtime/service.hpp>
#include <telemetry/log.hpp>

namespace runtime {

struct Settings {
    ServiceConfig service;
    std::size_t threads = 0;  ///< 0: one for each core
    bool debug =
        false;  ///< the service logs at level debug, and may show what only developers need
    telemetry::log::Level log_level = telemetry::log::Level::kInfo;
    telemetry::log::Format log_format = telemetry::log::Format::kJson;
    double sampling_ratio = 1;            ///< the share of new traces that is recorded
    telemetry::trace::Resource resource;  ///< attributes of the service in its traces
};

/// The settings of the section "All services" of .env.example, which explains them, and
/// <PREFIX>_HOST (0.0.0.0), <PREFIX>_PORT, <PREFIX>_THREADS (0), <PREFIX>_DEBUG (false),
/// OTEL_TRACES_SAMPLER (parentbased_traceidratio; or parentbased_always_on, parentbased_always_off:
/// a caller's decision always wins), and those of trace_export.hpp. The reader's finish() reports
/// errors.
[[nodiscard]] Settings read_settings(base::EnvReader& env, const std::string& prefix,
                                     std::uint16_t default_port);

/// The port alone, for a health check that must not fail for want of other settings. Throws
/// base::ConfigError for what read_settings() refuses.
[[nodiscard]] std::uint16_t read_port(base::EnvReader env, const std::string& prefix,
                                      std::uint16_t default_port);

/// A list of origins, separated by commas, each in the form of web::parse_origin(); `any` lets "*"
/// pass too. Every one that is none is reported by the reader's finish().
[[nodiscard]] std::vector<std::string> read_origins(base::EnvReader& env, const std::string& name,
                                                    bool any);

/// Sets up logs and tracing for the process. `service_name` appears in logs, and in traces unless
/// the environment sets another name.
void apply_settings(const Settings& settings, const std::string& service_name);

}  // namespace runtime
