#include "openapi.hpp"

#include <algorithm>
#include <string>

#include <boost/json/value_to.hpp>
#include <fmt/format.h>

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

// A part that several operations share is written once and referenced. A part with the same name
// but other content stays in place.
boost::json::object shared(boost::json::object& components, std::string_view kind,
                           const std::string& name, const boost::json::object& what) {
    auto& place = components[name];
    if (place.is_null()) place = what;
    if (place != what) return what;
    return {{"$ref", fmt::format("#/components/{}/{}", kind, name)}};
}

struct SharedParts {
    boost::json::object parameters;
    boost::json::object responses;
};

boost::json::object operation_json(const Operation& operation, SharedParts& parts) {
    boost::json::object json{{"operationId", operation.id}, {"summary", operation.summary}};
    if (!operation.tag.empty()) json["tags"] = boost::json::array{operation.tag};
    boost::json::array parameters;
    for (const auto& each : operation.parameters) {
        const auto& parameter = each.get_object();
        // Headers mean the same everywhere; a path or query parameter is its endpoint's own.
        const bool header = parameter.at("in") == "header";
        parameters.push_back(
            header ? shared(parts.parameters, "parameters",
                            boost::json::value_to<std::string>(parameter.at("name")), parameter)
                   : parameter);
    }
    if (!parameters.empty()) json["parameters"] = std::move(parameters);
    if (!operation.request_body.empty()) json["requestBody"] = operation.request_body;
    boost::json::object responses;
    for (const auto& [status, response] : operation.responses) {
        responses[std::to_string(status)] =
            status < 400 ? response
                         : shared(parts.responses, "responses", response_name(status), response);
    }
    json["responses"] = std::move(responses);
    return json;
}

// The groups of endpoints, in the order in which they come.
boost::json::array tags_json(const std::vector<Route>& routes) {
    boost::json::array tags;
    for (const auto& route : routes) {
        const bool known = std::ranges::any_of(tags, [&route](const auto& tag) {
            return tag.at("name") == boost::json::value(route.tag);
        });
        if (!route.document || route.tag.empty() || known) continue;
        boost::json::object tag{{"name", route.tag}};
        if (!route.tag_description.empty()) tag["description"] = route.tag_description;
        tags.push_back(std::move(tag));
    }
    return tags;
}

}  // namespace

boost::json::object openapi_document(const AppConfig& config, const std::vector<Route>& routes,
                                     std::string_view server) {
    schema::Components components;
    boost::json::object paths;
    SharedParts parts;
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
        // The answers of the application itself, for every handler.
        for (const int status : {406, 500, 503})
            operation.add_problem(status, components);
        auto& path = paths[route.path];
        if (!path.is_object()) path = boost::json::object();
        path.as_object()[lower(to_string(route.method))] = operation_json(operation, parts);
    }
    boost::json::object info{{"title", config.title}, {"version", config.version}};
    if (!config.description.empty()) info["description"] = config.description;
    boost::json::object shared_json{{"schemas", components.to_json()}};
    if (!parts.parameters.empty()) shared_json["parameters"] = std::move(parts.parameters);
    shared_json["responses"] = std::move(parts.responses);
    return {
        {"openapi", "3.1.0"},
        {"info", std::move(info)},
        {"servers", boost::json::array{{{"url", server}}}},
        {"tags", tags_json(routes)},
        {"paths", std::move(paths)},
        {"components", std::move(shared_json)},
    };
}

}  // namespace web
