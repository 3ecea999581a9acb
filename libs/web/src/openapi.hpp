// The OpenAPI document of an application (https://spec.openapis.org/oas/v3.1.0).
#pragma once

#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include <web/app.hpp>
#include <web/router.hpp>

namespace web {

[[nodiscard]] boost::json::object openapi_document(const AppConfig& config,
                                                   const std::vector<Route>& routes,
                                                   std::string_view server);

}  // namespace web
