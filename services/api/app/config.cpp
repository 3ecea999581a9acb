#include <config.hpp>

namespace app {
namespace {

constexpr std::uint16_t kDefaultPort = 8000;

}  // namespace

Config read_config(base::EnvReader env) {
    Config config{
        .settings = runtime::read_settings(env, "API", kDefaultPort),
        .database_url = env.required("DATABASE_URL",
                                     "the database, as postgresql://user:password@"
                                     "host:port/name"),
        .migrations_dir = env.text("MIGRATIONS_DIR", "services/api/migrations"),
        .swagger_ui_dir = env.text("SWAGGER_UI_DIR", ""),
        .root_path = env.text("ROOT_PATH", "/api"),
        .cors_origins = env.list("CORS_ORIGINS"),
    };
    env.finish();
    return config;
}

std::uint16_t read_port(base::EnvReader env) {
    const auto settings = runtime::read_settings(env, "API", kDefaultPort);
    env.finish();
    return settings.service.server.port;
}

}  // namespace app
