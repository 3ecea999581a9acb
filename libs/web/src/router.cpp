#include <web/router.hpp>

namespace web {
namespace {

// "/items" and "/" make "/items"; only the root itself ends in "/".
std::string join(const std::string& prefix, const std::string& path) {
    auto joined = prefix + (path == "/" ? "" : path);
    return joined.empty() ? "/" : joined;
}

}  // namespace

void Router::add(Route route) {
    route.path = join(prefix_, route.path);
    if (route.tag.empty()) {
        route.tag = tag_;
        route.tag_description = tag_description_;
    }
    route.middleware.insert(route.middleware.begin(), middleware_.begin(), middleware_.end());
    routes_.push_back(std::move(route));
}

Router& Router::raw(Method method, std::string path,
                    std::function<base::Task<Response>(Exchange&)> handler,
                    std::vector<std::type_index> dependencies) {
    add(Route{.method = method,
              .path = std::move(path),
              .invoke = std::move(handler),
              .dependencies = std::move(dependencies)});
    return *this;
}

Router& Router::include(const Router& other) {
    for (auto route : other.routes_)
        add(std::move(route));
    return *this;
}

void Router::surround(std::shared_ptr<Middleware> middleware) {
    const auto place = static_cast<std::ptrdiff_t>(middleware_.size());
    for (auto& route : routes_)
        route.middleware.insert(route.middleware.begin() + place, middleware);
    middleware_.push_back(std::move(middleware));
}

}  // namespace web
