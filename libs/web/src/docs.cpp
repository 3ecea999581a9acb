#include "docs.hpp"

#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include <web/html.hpp>
#include <web/static_files.hpp>

namespace web {
namespace {

// Relative links, so that the page works at /docs and behind any prefix (/api/docs) alike.
constexpr std::string_view kPage = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="swagger-ui"><noscript>This page needs JavaScript; the document is at
<a href="openapi.json">openapi.json</a>.</noscript></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
)";

// A separate file and not an inline script, so that a Content-Security-Policy can forbid inline
// scripts.
constexpr std::string_view kStart = R"(window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
});
)";

// Only what the page loads: the package has source maps of several times their size.
constexpr std::string_view kAssets[] = {"swagger-ui.css", "swagger-ui-bundle.js",
                                        "favicon-32x32.png"};

}  // namespace

Router docs_router(const AppConfig& config, const std::string& directory) {
    StaticFilesConfig files{.directory = directory};
    for (const auto name : kAssets) {
        if (!std::filesystem::is_regular_file(files.directory / name)) {
            throw std::runtime_error(
                fmt::format("{} has no {}: it is not npm's swagger-ui-dist (npm ci installs it)",
                            directory, name));
        }
        files.only.emplace_back(name);
    }
    std::string page(kPage);
    page.replace(page.find("{title}"), 7, escape_html(config.title));

    Router router;
    router.raw(Method::kGet, "/docs", [page](Exchange&) {
        return completed(text_response(200, "text/html; charset=utf-8", page));
    });
    router.raw(Method::kGet, "/docs/start.js", [](Exchange&) {
        return completed(text_response(200, "text/javascript; charset=utf-8", std::string(kStart)));
    });
    router.include(static_files("/docs", files));
    return router;
}

}  // namespace web
