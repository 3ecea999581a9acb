#include <runtime/settings.hpp>
#include <telemetry/trace.hpp>

namespace runtime {

Settings read_settings(base::EnvReader& env, const std::string& prefix,
                       std::uint16_t default_port) {
    using std::chrono_literals::operator""s;
    Settings settings;
    settings.service.server.host = env.text(prefix + "_HOST", "0.0.0.0");
    settings.service.server.port =
        static_cast<std::uint16_t>(env.integer(prefix + "_PORT", default_port, 0, 65535));
    settings.service.drain_delay = env.seconds("DRAIN_DELAY_SECONDS", 5s, 3600s);
    settings.service.drain_timeout = env.seconds("DRAIN_TIMEOUT_SECONDS", 20s, 3600s);
    settings.threads = static_cast<std::size_t>(env.integer(prefix + "_THREADS", 0, 0, 256));
    settings.log_level = *telemetry::log::parse_level(
        env.choice("LOG_LEVEL", "info", {"debug", "info", "warn", "error"}));
    settings.log_format =
        *telemetry::log::parse_format(env.choice("LOG_FORMAT", "json", {"json", "text"}));
    settings.sampling_ratio = env.fraction("OTEL_TRACES_SAMPLER_ARG", 1);
    return settings;
}

void apply_settings(const Settings& settings, const std::string& service_name) {
    telemetry::log::configure({
        .service = service_name,
        .level = settings.log_level,
        .format = settings.log_format,
    });
    telemetry::trace::set_sampling_ratio(settings.sampling_ratio);
}

}  // namespace runtime
