#include "openapi.hpp"

#include <algorithm>
#include <string>

namespace web {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

// "404" of a problem is stated once, under components/responses, and referred to.
std::string response_name(int status) {
    std::string name;
    for (const char c : reason_phrase(status)) {
        if (c != ' ') name += c;
    }
    return name;
}

boost::json::object operation_json(const Operation& operation,
                                   boost::json::object& shared_responses) {
    boost::json::object responses;
    for (const auto& [status, response] : operation.responses) {
        if (status < 400) {
            responses[std::to_string(status)] = response;
            continue;
        }
        const auto name = response_name(status);
        shared_responses[name] = response;
        responses[std::to_string(status)] = {{"$ref", "#/components/responses/" + name}};
    }
    boost::json::object json{{"operationId", operation.id}, {"summary", operation.summary}};
    if (!operation.tag.empty()) json["tags"] = boost::json::array{operation.tag};
    if (!operation.parameters.empty()) json["parameters"] = operation.parameters;
    if (!operation.request_body.empty()) json["requestBody"] = operation.request_body;
    json["responses"] = std::move(responses);
    return json;
}

}  // namespace

boost::json::object openapi_document(const AppConfig& config, const std::vector<Route>& routes,
                                     std::string_view server) {
    schema::Components components;
    boost::json::object paths;
    boost::json::object shared_responses;
    for (const auto& route : routes) {
        if (!route.document) continue;
        Operation operation{.id = route.operation_id,
                            .summary = route.summary,
                            .tag = route.tag,
                            .is_read = route.method == Method::kGet};
        route.document(operation, components);
        for (const auto& middleware : route.middleware) {
            if (middleware->applies_to(route)) middleware->document(operation, components);
        }
        // A path or a query that cannot be percent-decoded.
        if (!operation.parameters.empty()) operation.add_problem(400, components);
        // What the application itself may answer, whatever the handler does.
        for (const int status : {406, 500, 503})
            operation.add_problem(status, components);
        auto& path = paths[route.path];
        if (!path.is_object()) path = boost::json::object();
        path.as_object()[lower(to_string(route.method))] =
            operation_json(operation, shared_responses);
    }
    boost::json::object info{{"title", config.title}, {"version", config.version}};
    if (!config.description.empty()) info["description"] = config.description;
    return {
        {"openapi", "3.1.0"},
        {"info", std::move(info)},
        {"servers", boost::json::array{{{"url", server}}}},
        {"paths", std::move(paths)},
        {"components",
         {{"schemas", components.to_json()}, {"responses", std::move(shared_responses)}}},
    };
}

}  // namespace web
