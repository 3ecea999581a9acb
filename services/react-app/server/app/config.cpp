#include <algorithm>
#include <config.hpp>

namespace app {
namespace {

constexpr std::uint16_t kDefaultPort = 3000;

// "https://host:port", without a path. It becomes part of a header field, so nothing else passes.
bool is_origin(std::string_view text) {
    const auto scheme = text.starts_with("https://") ? 8U : text.starts_with("http://") ? 7U : 0U;
    const auto host = text.substr(scheme);
    return scheme > 0 && !host.empty() && std::ranges::all_of(host, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                      c == ':' || c == '[' || c == ']';
           });
}

std::vector<std::string> read_connect_origins(base::EnvReader& env) {
    auto origins = env.list("REACT_CONNECT_ORIGINS");
    for (const auto& origin : origins) {
        if (is_origin(origin)) continue;
        env.problem("REACT_CONNECT_ORIGINS",
                    "has \"" + origin + "\", which is no origin such as https://api.example.org");
    }
    return origins;
}

}  // namespace

Config read_config(base::EnvReader env) {
    Config config{
        .settings = runtime::read_settings(env, "REACT", kDefaultPort),
        .dist_dir = env.text("REACT_DIST_DIR", "services/react-app/dist"),
        .connect_origins = read_connect_origins(env),
    };
    env.finish();
    return config;
}

std::uint16_t read_port(base::EnvReader env) {
    const auto settings = runtime::read_settings(env, "REACT", kDefaultPort);
    env.finish();
    return settings.service.server.port;
}

}  // namespace app
