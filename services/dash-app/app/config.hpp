// The dashboard's configuration: read once from the environment, then a plain value.
#pragma once

#include <cstdint>
#include <string>

#include <base/config.hpp>
#include <runtime/settings.hpp>

namespace app {

struct Config {
    runtime::Settings settings;
    std::string api_url;
    std::string prefix;      ///< with a slash at both ends
    std::string suites_dir;  ///< npm's node_modules
    std::string assets_dir;
};

/// Throws base::ConfigError that names every variable that is wrong.
[[nodiscard]] Config read_config(base::EnvReader env = base::EnvReader());

/// The configuration of `dash-app healthcheck`.
[[nodiscard]] std::uint16_t read_port(base::EnvReader env = base::EnvReader());

}  // namespace app
