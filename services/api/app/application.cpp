#include <application.hpp>

#include <routers/items.hpp>

#include <schema/text.hpp>

namespace app {

std::unique_ptr<web::App> make_endpoints(ApplicationOptions options) {
    auto application = std::make_unique<web::App>(web::AppConfig{
        .title = "Microservices Learning Platform API",
        .version = kVersion,
        .description = "Items on PostgreSQL. Errors are problem details (RFC 9457).",
        .root_path = std::move(options.root_path),
        .cors_origins = std::move(options.cors_origins),
    });
    application->include(items_router()).document(options.swagger_ui_dir);
    return application;
}

std::unique_ptr<web::App> make_application(Services services, ApplicationOptions options) {
    auto application = make_endpoints(std::move(options));
    application->provide(services.items).provide(services.statistics).provide(services.events);
    return application;
}

std::string openapi_text(const web::App& application) {
    std::string text;
    schema::append_json(text, application.openapi(), 2);
    return text + '\n';
}

}  // namespace app
