#include <algorithm>
#include <config.hpp>
#include <utility>

#include <base/errors.hpp>
#include <web/client_address.hpp>

namespace app {
namespace {

constexpr std::uint16_t kDefaultPort = 8000;
// Longer than a query may wait for the database (10 s): its own 503 says more than a 504.
constexpr std::chrono::seconds kRequestTimeout(15);
constexpr std::chrono::seconds kLongestTimeout(3600);

// "" for none, else a path such as "/api": with a slash at its start and none at its end.
std::string read_root_path(base::EnvReader& env) {
    auto path = env.text("ROOT_PATH", "/api");
    if (path == "/") return "";
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '-' || c == '_';
    };
    if (!path.starts_with('/') || path.starts_with("//") || path.ends_with('/') ||
        !std::ranges::all_of(path, is_allowed)) {
        env.problem("ROOT_PATH", "is not a path such as /api; / stands for none");
    }
    return path;
}

std::vector<std::string> read_trusted_proxies(base::EnvReader& env) {
    auto networks = env.list("TRUSTED_PROXIES");
    if (networks.empty()) networks = {"127.0.0.0/8", "::1"};
    try {
        const web::TrustedProxies usable(networks);
    } catch (const base::ConfigError& error) {
        env.problem("TRUSTED_PROXIES", error.what());
    }
    return networks;
}

}  // namespace

Config read_config(base::EnvReader env) {
    Config config{
        .settings = runtime::read_settings(env, "API", kDefaultPort),
        .database = database::read_config(env, "api", "services/api/migrations"),
        .swagger_ui_dir = env.text("SWAGGER_UI_DIR", ""),
        .root_path = read_root_path(env),
        .cors_origins = runtime::read_origins(env, "CORS_ORIGINS", true),
        .request_timeout = env.seconds("REQUEST_TIMEOUT_SECONDS", kRequestTimeout, kLongestTimeout),
        .trusted_proxies = read_trusted_proxies(env),
        .faults = env.flag("FAULTS_ENABLED", false),
    };
    env.finish();
    return config;
}

std::uint16_t read_port(base::EnvReader env) {
    return runtime::read_port(std::move(env), "API", kDefaultPort);
}

}  // namespace app
