// Routes: which handler serves which method and path.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include <base/fixed_string.hpp>
#include <web/endpoint.hpp>
#include <web/handler.hpp>
#include <web/http.hpp>
#include <web/middleware.hpp>

namespace web {

/// One endpoint.
struct Route {
    Method method = Method::kGet;
    /// Segments are literal, "{name}" (one segment) or, last, "{*name}" (all that remain, or none).
    std::string path;
    std::string summary;
    std::string tag;
    std::string tag_description;
    std::string operation_id;
    /// What it answers with; a request that does not accept it is answered with 406.
    std::string media_type = "application/json";
    std::function<base::Task<Response>(Exchange&)> invoke;
    /// Empty: not part of the OpenAPI document.
    std::function<void(Operation&, schema::Components&)> document;
    std::vector<std::type_index> dependencies;
    std::vector<std::shared_ptr<Middleware>> middleware;  ///< the outermost first
    std::optional<std::size_t> max_body_bytes;            ///< set when the application starts
    std::optional<std::chrono::milliseconds> time_limit;  ///< see Router::within()
};

/// A group of endpoints under one prefix and tag:
///     Router("/items", "items").get<"/{id}", read_item>("Read one item")
/// A {parameter} without its Path<> in the handler's signature, or the reverse, does not compile.
class Router {
public:
    /// The tag names the group in the OpenAPI document; included routers without one take it over.
    explicit Router(std::string prefix = "", std::string tag = "", std::string tag_description = "")
        : prefix_(std::move(prefix)),
          tag_(std::move(tag)),
          tag_description_(std::move(tag_description)) {}

    template <base::FixedString Path, auto Handler, class Self>
    Self&& get(this Self&& self, std::string summary) {
        self.template add<Path, Handler>(Method::kGet, std::move(summary));
        return std::forward<Self>(self);
    }
    template <base::FixedString Path, auto Handler, class Self>
    Self&& post(this Self&& self, std::string summary) {
        self.template add<Path, Handler>(Method::kPost, std::move(summary));
        return std::forward<Self>(self);
    }
    template <base::FixedString Path, auto Handler, class Self>
    Self&& put(this Self&& self, std::string summary) {
        self.template add<Path, Handler>(Method::kPut, std::move(summary));
        return std::forward<Self>(self);
    }
    template <base::FixedString Path, auto Handler, class Self>
    Self&& patch(this Self&& self, std::string summary) {
        self.template add<Path, Handler>(Method::kPatch, std::move(summary));
        return std::forward<Self>(self);
    }
    template <base::FixedString Path, auto Handler, class Self>
    Self&& del(this Self&& self, std::string summary) {
        self.template add<Path, Handler>(Method::kDelete, std::move(summary));
        return std::forward<Self>(self);
    }

    /// An endpoint below the typed layer, for what is no JSON API: files, probes. It reads the
    /// exchange itself and is no part of the OpenAPI document. `dependencies`: the types that it
    /// takes out of the exchange, so that App::start() can check them.
    Router& raw(Method method, std::string path,
                std::function<base::Task<Response>(Exchange&)> handler,
                std::vector<std::type_index> dependencies = {});

    /// Adds the other router's endpoints below this one's prefix.
    Router& include(const Router& other);

    /// Surrounds every endpoint of this router, those declared before as well as those after. The
    /// first one is the outermost; those of an including router lie around those of the included.
    template <class Self>
    Self&& use(this Self&& self, std::shared_ptr<Middleware> middleware) {
        self.surround(std::move(middleware));
        return std::forward<Self>(self);
    }

    /// Allows the endpoints that were declared before so long, in place of what Timeout allows.
    template <class Self>
    Self&& within(this Self&& self, std::chrono::milliseconds limit) {
        for (auto& route : self.routes_)
            route.time_limit = limit;
        return std::forward<Self>(self);
    }

    [[nodiscard]] const std::vector<Route>& routes() const& noexcept { return routes_; }
    /// Of a temporary, by value: in `for (auto& route : make_router().routes())` the router's life
    /// ends before the first round of the loop (clang 19 lacks P2718, which prolongs it).
    [[nodiscard]] std::vector<Route> routes() && noexcept { return std::move(routes_); }

private:
    template <base::FixedString Path, auto Handler>
    void add(Method method, std::string summary) {
        using Endpoint = detail::Endpoint<Handler>;
        static_assert(Endpoint::fits(Path.view()),
                      "the {parameters} of the path and the handler's Path<> parameters differ");
        add(Route{
            .method = method,
            .path = std::string(Path.view()),
            .summary = std::move(summary),
            .operation_id = std::string(detail::handler_name<Handler>()),
            .media_type = std::string(Endpoint::media_type),
            .invoke = &Endpoint::invoke,
            .document = &Endpoint::document,
            .dependencies = Endpoint::dependencies(),
        });
    }
    void add(Route route);
    void surround(std::shared_ptr<Middleware> middleware);

    std::string prefix_;
    std::string tag_;
    std::string tag_description_;
    std::vector<Route> routes_;
    std::vector<std::shared_ptr<Middleware>> middleware_;
};

}  // namespace web
