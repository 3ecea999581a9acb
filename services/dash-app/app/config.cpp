#include <config.hpp>
#include <utility>

namespace app {
namespace {

constexpr std::uint16_t kDefaultPort = 8050;

// "dash", "/dash" and "/dash/" all mean the same.
std::string with_slashes(std::string prefix) {
    if (!prefix.starts_with('/')) prefix.insert(0, 1, '/');
    if (!prefix.ends_with('/')) prefix += '/';
    return prefix;
}

}  // namespace

Config read_config(base::EnvReader env) {
    Config config{
        .settings = runtime::read_settings(env, "DASH", kDefaultPort),
        .api_url = env.text("API_URL", "http://127.0.0.1:8000"),
        .prefix = with_slashes(env.text("DASH_PREFIX", "/dash/")),
        .suites_dir = env.text("DASH_SUITES_DIR", "node_modules"),
        .assets_dir = env.text("DASH_ASSETS_DIR", "services/dash-app/assets"),
    };
    env.finish();
    return config;
}

std::uint16_t read_port(base::EnvReader env) {
    return runtime::read_port(std::move(env), "DASH", kDefaultPort);
}

}  // namespace app
