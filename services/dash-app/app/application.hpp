// The dashboard without server and configuration: main serves it, tests call it.
#pragma once

#include <memory>

#include <services/items_source.hpp>

#include <dash/app.hpp>
#include <web/app.hpp>

namespace app {

inline constexpr auto kVersion = "0.1.0";

[[nodiscard]] std::unique_ptr<web::App> make_application(ItemsSource& items,
                                                         std::shared_ptr<const dash::Suites> suites,
                                                         dash::AppConfig config);

}  // namespace app
