// Swagger UI for the application's OpenAPI document, from files: it works offline.
#pragma once

#include <string>

#include <web/app.hpp>
#include <web/router.hpp>

namespace web {

/// GET /docs and /docs/*. `directory` holds npm's swagger-ui-dist.
[[nodiscard]] Router docs_router(const AppConfig& config, const std::string& directory);

}  // namespace web
