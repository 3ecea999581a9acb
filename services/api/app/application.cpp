#include <application.hpp>

#include <faults/with_faults.hpp>
#include <schema/text.hpp>
#include <web/timeout.hpp>

namespace app {

// The endpoints of each resource, in routers/.
web::Router items_router();
web::Router item_csv_router();

namespace {

// The endpoints that faults may befall: probes, documentation and /v1/faults stay truthful.
web::Router resources() {
    web::Router router;
    router.include(items_router());
    router.include(item_csv_router());
    return router;
}

}  // namespace

ApplicationOptions documented_options() {
    return {.faults = true};
}

std::unique_ptr<web::App> make_endpoints(ApplicationOptions options) {
    auto application = std::make_unique<web::App>(web::AppConfig{
        .title = "Microservices Learning Platform API",
        .version = kVersion,
        .description = "Items on PostgreSQL. Errors are problem details (RFC 9457).",
        .root_path = std::move(options.root_path),
        .cors_origins = std::move(options.cors_origins),
        .request_ids = true,
        .trusted_proxies = std::move(options.trusted_proxies),
    });
    web::Router endpoints;
    endpoints.include(options.faults ? faults::with_faults(resources()) : resources());
    // Not around probes: they await nothing that takes long, and each limit costs a timer.
    if (options.request_timeout.count() > 0) {
        endpoints.use(std::make_shared<web::Timeout>(options.request_timeout));
    }
    application->include(endpoints).document(options.swagger_ui_dir);
    return application;
}

Application::Application(postgres::Pool& database,
                         std::span<boost::asio::io_context* const> contexts,
                         telemetry::Registry& registry, ApplicationOptions options)
    : items(database, contexts),
      csv(database),
      statistics(database),
      events(database, contexts, "api-events"),
      faults(database, contexts, registry, resources(),
             {.connections = database.config().max_transactions_per_thread}),
      endpoints(make_endpoints(std::move(options))) {
    endpoints->provide(items).provide(csv).provide(statistics).provide(events).provide(faults);
}

std::string openapi_text(const web::App& application) {
    std::string text;
    schema::append_json(text, application.openapi(), 2);
    return text + '\n';
}

}  // namespace app
