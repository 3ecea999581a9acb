#include <config.hpp>
#include <utility>

namespace app {
namespace {

constexpr std::uint16_t kDefaultPort = 3000;

}  // namespace

Config read_config(base::EnvReader env) {
    Config config{
        .settings = runtime::read_settings(env, "REACT", kDefaultPort),
        .dist_dir = env.text("REACT_DIST_DIR", "services/react-app/dist"),
        .connect_origins = runtime::read_origins(env, "REACT_CONNECT_ORIGINS", false),
    };
    env.finish();
    return config;
}

std::uint16_t read_port(base::EnvReader env) {
    return runtime::read_port(std::move(env), "REACT", kDefaultPort);
}

}  // namespace app
