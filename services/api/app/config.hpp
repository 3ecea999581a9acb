// The API's configuration: read once from the environment, then a plain value.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <base/config.hpp>
#include <database/database.hpp>
#include <runtime/settings.hpp>

namespace app {

struct Config {
    runtime::Settings settings;
    database::Config database;
    std::string swagger_ui_dir;  ///< empty: no /docs
    std::string root_path;       ///< see web::AppConfig
    std::vector<std::string> cors_origins;
    // See ApplicationOptions.
    std::chrono::milliseconds request_timeout{};
    std::vector<std::string> trusted_proxies;
    bool faults = false;
};

/// Throws base::ConfigError that names every variable that is missing or wrong.
[[nodiscard]] Config read_config(base::EnvReader env = base::EnvReader());

/// The configuration of `api healthcheck`, which must not fail without a database.
[[nodiscard]] std::uint16_t read_port(base::EnvReader env = base::EnvReader());

}  // namespace app
