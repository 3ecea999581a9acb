#include <application.hpp>

#include <callbacks/show_items.hpp>
#include <callbacks/translate_page.hpp>
#include <i18n/language.hpp>
#include <i18n/texts.hpp>
#include <layouts/items_page.hpp>

namespace app {
namespace {

Language language_of(const web::Request& request) {
    return preferred_language(request.headers.joined("Accept-Language").value_or(""));
}

dash::Document document(const web::Request& request) {
    const auto language = language_of(request);
    const auto& text = texts(language);
    return {.language = std::string(language.view()),
            .title = std::string(text.document_title),
            .description = std::string(text.subtitle),
            .no_script = std::string(text.no_script)};
}

}  // namespace

std::unique_ptr<web::App> make_application(ItemsSource& items,
                                           std::shared_ptr<const dash::Suites> suites,
                                           dash::AppConfig config) {
    dash::App dashboard(std::move(config), std::move(suites));
    dashboard.document(document)
        .layout([](const web::Request& request) { return items_page(language_of(request)); })
        .callback<show_items>()
        .callback<translate_page>()
        // assets/page.js
        .clientside({"page", "apply_language"}, {{"page", "lang"}}, {{"page-texts", "data"}});

    auto application = std::make_unique<web::App>(web::AppConfig{
        .title = "Microservices Learning Platform dashboard",
        .version = kVersion,
        .root_path = "",  // the gateway does not strip the prefix
    });
    application->include(dashboard.router()).provide(items);
    return application;
}

}  // namespace app
