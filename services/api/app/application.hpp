// The API without its surroundings: what main serves, tests ask and `api openapi` documents.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <services/item_events.hpp>
#include <services/item_service.hpp>
#include <services/item_statistics.hpp>

#include <web/app.hpp>

namespace app {

inline constexpr auto kVersion = "0.1.0";

struct ApplicationOptions {
    std::string root_path = "/api";
    std::vector<std::string> cors_origins;
    std::string swagger_ui_dir;
};

/// What the endpoints depend on. All of it outlives the application.
struct Services {
    ItemService& items;
    ItemStatistics& statistics;
    ItemEvents& events;
};

/// The endpoints without what they depend on: enough to document them.
[[nodiscard]] std::unique_ptr<web::App> make_endpoints(ApplicationOptions options = {});

[[nodiscard]] std::unique_ptr<web::App> make_application(Services services,
                                                         ApplicationOptions options = {});

/// The OpenAPI document as the repository keeps it (services/api/openapi.json).
[[nodiscard]] std::string openapi_text(const web::App& application);

}  // namespace app
