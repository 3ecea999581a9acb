// The site without server and configuration: main serves it, tests call it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <web/app.hpp>

namespace app {

inline constexpr auto kVersion = "0.1.0";

struct SiteOptions {
    /// The output of `npm run build`.
    std::filesystem::path dist_dir;
    /// Origins that the page may call besides its own, such as "https://api.example.org".
    std::vector<std::string> connect_origins;
};

/// Reads the files. Throws std::runtime_error if the page is missing.
[[nodiscard]] std::unique_ptr<web::App> make_application(const SiteOptions& options);

}  // namespace app
