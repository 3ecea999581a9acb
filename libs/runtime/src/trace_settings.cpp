#include <utility>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <runtime/trace_export.hpp>
#include <web/url.hpp>

namespace runtime {
namespace {

using std::chrono::milliseconds;
constexpr std::int64_t kHourMs = 3'600'000;

milliseconds read_ms(base::EnvReader& env, const char* name, milliseconds fallback) {
    return milliseconds(env.integer(name, fallback.count(), 1, kHourMs));
}

// "key1=value1,key2=value2", values percent-encoded: the form of W3C Baggage.
std::vector<std::pair<std::string, std::string>> read_pairs(base::EnvReader& env,
                                                            const std::string& name) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& entry : env.list(name)) {
        const auto equals = entry.find('=');
        const auto value = web::percent_decode(
            equals == std::string::npos ? std::string_view() : entry.substr(equals + 1));
        if (equals == std::string::npos || equals == 0 || !value) {
            // Not the entry itself: it may be a credential.
            env.problem(name, "is not a list of key=value, with values percent-encoded");
            return {};
        }
        pairs.emplace_back(entry.substr(0, equals), *value);
    }
    return pairs;
}

bool has_line_break(const std::string& text) {
    return text.find_first_of("\r\n") != std::string::npos;
}

}  // namespace

std::optional<TraceExportConfig> read_trace_export(base::EnvReader& env) {
    const auto common = env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "");
    const auto endpoint = env.text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "");
    TraceExportConfig config;
    const std::string name =
        endpoint.empty() ? "OTEL_EXPORTER_OTLP_ENDPOINT" : "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    (void)env.choice("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", {"http/json"});
    for (auto& [key, value] : read_pairs(env, "OTEL_EXPORTER_OTLP_HEADERS")) {
        if (has_line_break(key) || has_line_break(value)) {
            env.problem("OTEL_EXPORTER_OTLP_HEADERS", "has a line break in a header");
        }
        config.headers.add(key, std::move(value));
    }
    config.timeout = read_ms(env, "OTEL_EXPORTER_OTLP_TIMEOUT", config.timeout);
    auto& batches = config.batches;
    const auto queue = static_cast<std::int64_t>(batches.max_queue);
    batches.max_queue =
        static_cast<std::size_t>(env.integer("OTEL_BSP_MAX_QUEUE_SIZE", queue, 1, 1'000'000));
    const auto batch = static_cast<std::int64_t>(std::min(batches.max_batch, batches.max_queue));
    batches.max_batch = static_cast<std::size_t>(env.integer(
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", batch, 1, static_cast<std::int64_t>(batches.max_queue)));
    batches.schedule_delay = read_ms(env, "OTEL_BSP_SCHEDULE_DELAY", batches.schedule_delay);
    batches.export_timeout = read_ms(env, "OTEL_BSP_EXPORT_TIMEOUT", batches.export_timeout);

    const auto& text = endpoint.empty() ? common : endpoint;
    if (text.empty()) return std::nullopt;
    const auto url = boost::urls::parse_uri(text);
    if (!url || url->scheme_id() != boost::urls::scheme::http || url->has_userinfo() ||
        url->encoded_host_address().empty() || url->has_query() || url->has_fragment()) {
        env.problem(name, "does not look like http://host:4318 (TLS ends at the gateway)");
        return std::nullopt;
    }
    config.base_url = "http://" + std::string(url->encoded_host_and_port());
    config.target = std::string(url->encoded_path());
    if (endpoint.empty()) {
        while (config.target.ends_with('/'))
            config.target.pop_back();
        config.target += "/v1/traces";
    } else if (config.target.empty()) {
        config.target = "/";
    }
    return config;
}

telemetry::trace::Resource read_resource(base::EnvReader& env) {
    auto resource = read_pairs(env, "OTEL_RESOURCE_ATTRIBUTES");
    if (auto name = env.text("OTEL_SERVICE_NAME", ""); !name.empty()) {
        std::erase_if(resource, [](const auto& pair) { return pair.first == "service.name"; });
        resource.emplace_back("service.name", std::move(name));
    }
    return resource;
}

}  // namespace runtime
