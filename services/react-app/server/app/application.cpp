#include <application.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/errors.hpp>
#include <web/set_headers.hpp>
#include <web/static_files.hpp>

namespace app {
namespace {

// The page needs only its own scripts, styles and fonts, and the API. Nothing else can run, even if
// an attacker injects it into the page. https://developer.mozilla.org/docs/Web/HTTP/CSP
std::string content_security_policy(const std::vector<std::string>& connect_origins) {
    return fmt::format(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'{}{}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
        connect_origins.empty() ? "" : " ", fmt::join(connect_origins, " "));
}

web::Router site_of(const std::filesystem::path& dist_dir) try {
    return web::static_files("", {.directory = dist_dir,
                                  // The file names of Vite.
                                  .fingerprinted = "assets",
                                  .fallback_page = "index.html"});
} catch (const std::runtime_error& error) {
    throw base::ConfigError(
        fmt::format("REACT_DIST_DIR: {}; `npm run build` writes what it needs", error.what()));
}

}  // namespace

std::unique_ptr<web::App> make_application(const SiteOptions& options) {
    auto site = site_of(options.dist_dir);
    site.use(std::make_shared<web::SetHeaders>(web::Headers{
        {"Content-Security-Policy", content_security_policy(options.connect_origins)},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
        {"Referrer-Policy", "same-origin"},
        {"X-Content-Type-Options", "nosniff"},
    }));

    auto application = std::make_unique<web::App>(web::AppConfig{
        .title = "Microservices Learning Platform",
        .version = kVersion,
        .root_path = "",  // the page lives at the root of its origin
    });
    application->include(site);
    return application;
}

}  // namespace app
