// The server's configuration: read once from the environment, then a plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <base/config.hpp>
#include <runtime/settings.hpp>

namespace app {

struct Config {
    runtime::Settings settings;
    // See SiteOptions.
    std::string dist_dir;
    std::vector<std::string> connect_origins;
};

/// Throws base::ConfigError that names every variable that is wrong.
[[nodiscard]] Config read_config(base::EnvReader env = base::EnvReader());

/// The configuration of `react-app healthcheck`.
[[nodiscard]] std::uint16_t read_port(base::EnvReader env = base::EnvReader());

}  // namespace app
