#include "route_table.hpp"

#include <algorithm>
#include <stdexcept>

#include <web/url.hpp>

namespace web {
namespace {

// Takes "/segment" off the front; the path is empty or starts with "/".
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool is_rest(std::string_view segment) {
    return segment.starts_with("{*");
}
bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && !is_rest(segment);
}

std::string_view parameter_name(std::string_view segment) {
    segment.remove_prefix(is_rest(segment) ? 2 : 1);
    segment.remove_suffix(1);
    return segment;
}

void check(const Route& route) {
    std::string_view rest = route.path;
    if (!rest.starts_with('/')) throw std::logic_error("route without a leading /: " + route.path);
    while (!rest.empty()) {
        const auto segment = take_segment(rest);
        const bool braces = segment.find_first_of("{}") != std::string_view::npos;
        const bool whole = segment.size() > 2 && segment.starts_with('{') &&
                           segment.ends_with('}') &&
                           segment.find_first_of("{}", 1) == segment.size() - 1;
        if (braces && !whole) throw std::logic_error("malformed parameter in route " + route.path);
        if (is_rest(segment) && !rest.empty()) {
            throw std::logic_error("{*...} is not last in route " + route.path);
        }
    }
}

}  // namespace

RouteTable::RouteTable(const std::vector<Route>& routes) {
    for (const auto& route : routes)
        insert(route);
}

void RouteTable::insert(const Route& route) {
    check(route);
    Node* node = &root_;
    std::string_view rest = route.path;
    while (!rest.empty()) {
        const auto segment = take_segment(rest);
        auto& next = is_rest(segment)        ? node->rest
                     : is_parameter(segment) ? node->parameter
                                             : node->literals[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    const auto same_method = [&](const auto& entry) { return entry.first == route.method; };
    if (std::ranges::any_of(node->routes, same_method)) {
        throw std::logic_error("two routes serve " + std::string(to_string(route.method)) + " " +
                               route.path);
    }
    node->routes.emplace_back(route.method, &route);
}

const RouteTable::Node* RouteTable::descend(const Node& node, std::string_view path) const {
    if (path.empty()) {
        if (!node.routes.empty()) return &node;
        return node.rest.get();
    }
    auto rest = path;
    const auto segment = take_segment(rest);
    // The more specific wins, and a dead end falls back to the less specific.
    if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
        if (const auto* found = descend(*literal->second, rest)) return found;
    }
    if (node.parameter && !segment.empty()) {
        if (const auto* found = descend(*node.parameter, rest)) return found;
    }
    return node.rest.get();
}

RouteTable::Match RouteTable::find(Method method, std::string_view path) const {
    Match match;
    if (!path.starts_with('/')) return match;
    const auto* node = descend(root_, path);
    if (node == nullptr) return match;

    const auto wanted = method == Method::kHead ? Method::kGet : method;
    for (const auto& [served, route] : node->routes) {
        match.allowed.push_back(served);
        if (served == Method::kGet) match.allowed.push_back(Method::kHead);
        if (served == method || (served == wanted && match.route == nullptr)) match.route = route;
    }
    if (match.route == nullptr) return match;

    std::string_view pattern = match.route->path;
    while (!pattern.empty()) {
        const auto pattern_segment = take_segment(pattern);
        const bool rest = is_rest(pattern_segment);
        std::string_view text;
        if (rest) {
            text = path.empty() ? path : path.substr(1);
        } else {
            text = take_segment(path);
            if (!is_parameter(pattern_segment)) continue;
        }
        auto value = percent_decode(text);
        if (!value) {
            match.malformed = true;
            return match;
        }
        match.parameters.emplace_back(parameter_name(pattern_segment), *std::move(value));
    }
    return match;
}

}  // namespace web
