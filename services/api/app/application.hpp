// The API without server and configuration: main serves it, tests call it, `api openapi` documents
// it.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <services/item_csv.hpp>
#include <services/item_events.hpp>
#include <services/item_service.hpp>
#include <services/item_statistics.hpp>

#include <faults/injector.hpp>
#include <postgres/pool.hpp>
#include <telemetry/metrics.hpp>
#include <web/app.hpp>

namespace app {

inline constexpr auto kVersion = "0.1.0";

struct ApplicationOptions {
    std::string root_path = "/api";
    std::vector<std::string> cors_origins;
    std::string swagger_ui_dir;
    /// How long a handler may take before it is answered with 504; 0: as long as it likes.
    std::chrono::milliseconds request_timeout{15'000};
    std::vector<std::string> trusted_proxies;  ///< see web::AppConfig
    bool faults = false;                       ///< true: /v1/faults exists
};

/// Every optional part enabled, as in the repository's OpenAPI document.
[[nodiscard]] ApplicationOptions documented_options();

/// The endpoints without what they depend on: enough to document them.
[[nodiscard]] std::unique_ptr<web::App> make_endpoints(ApplicationOptions options = {});

/// The OpenAPI document as the repository keeps it (services/api/openapi.json).
[[nodiscard]] std::string openapi_text(const web::App& application);

/// The endpoints and the services behind them.
class Application {
public:
    /// The others outlive it; the contexts are those of the pool, and run its requests.
    Application(postgres::Pool& database, std::span<boost::asio::io_context* const> contexts,
                telemetry::Registry& registry, ApplicationOptions options = {});

    /// Begins to follow the events of the database; call it once.
    void start() { events.start(); }
    /// Ends the streams. From any thread; the contexts have to run on until all is closed.
    void stop() { events.stop(); }

    ItemService items;
    ItemCsv csv;
    ItemStatistics statistics;
    ItemEvents events;
    faults::Injector faults;
    const std::unique_ptr<web::App> endpoints;  ///< last, since it refers to all the others
};

}  // namespace app
