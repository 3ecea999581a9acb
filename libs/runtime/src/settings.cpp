#include <algorithm>

#include <runtime/settings.hpp>
#include <telemetry/trace.hpp>
#include <web/url.hpp>

namespace runtime {
namespace {

double read_sampling_ratio(base::EnvReader& env) {
    const auto ratio = env.fraction("OTEL_TRACES_SAMPLER_ARG", 1);
    const auto sampler =
        env.choice("OTEL_TRACES_SAMPLER", "parentbased_traceidratio",
                   {"parentbased_traceidratio", "parentbased_always_on", "parentbased_always_off"});
    if (sampler == "parentbased_traceidratio") return ratio;
    return sampler == "parentbased_always_on" ? 1 : 0;
}

}  // namespace

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
    settings.debug = env.flag(prefix + "_DEBUG", false);
    if (settings.debug) settings.log_level = telemetry::log::Level::kDebug;
    settings.log_format =
        *telemetry::log::parse_format(env.choice("LOG_FORMAT", "json", {"json", "text"}));
    settings.sampling_ratio = read_sampling_ratio(env);
    settings.service.traces = read_trace_export(env);
    settings.resource = read_resource(env);
    return settings;
}

std::uint16_t read_port(base::EnvReader env, const std::string& prefix,
                        std::uint16_t default_port) {
    const auto settings = read_settings(env, prefix, default_port);
    env.finish();
    return settings.service.server.port;
}

std::vector<std::string> read_origins(base::EnvReader& env, const std::string& name, bool any) {
    std::vector<std::string> origins;
    for (const auto& text : env.list(name)) {
        if (any && text == "*") {
            origins.push_back(text);
        } else if (auto origin = web::parse_origin(text)) {
            origins.push_back(*std::move(origin));
        } else {
            env.problem(name, "\"" + text + "\" is not an origin such as https://app.example.org");
        }
    }
    return origins;
}

void apply_settings(const Settings& settings, const std::string& service_name) {
    telemetry::log::configure({
        .service = service_name,
        .level = settings.log_level,
        .format = settings.log_format,
    });
    telemetry::trace::set_sampling_ratio(settings.sampling_ratio);
    auto resource = settings.resource;
    const bool named = std::ranges::any_of(
        resource, [](const auto& pair) { return pair.first == "service.name"; });
    if (!named) resource.emplace_back("service.name", service_name);
    telemetry::trace::set_resource(std::move(resource));
}

}  // namespace runtime
