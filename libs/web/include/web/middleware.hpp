// Middleware surrounds the handlers of a group of endpoints, or of all endpoints.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include <base/task.hpp>
#include <web/exchange.hpp>
#include <web/operation.hpp>
#include <web/response.hpp>

namespace web {

struct Route;
class Middleware;

/// The inner middleware and then the handler. It adds no coroutine, so an endpoint without
/// middleware costs nothing more.
class Next {
public:
    Next(std::span<const std::shared_ptr<Middleware>> chain, Exchange& exchange, const Route& route)
        : chain_(chain), exchange_(&exchange), route_(&route) {}

    /// Exceptions of the handler come out of the task. Call it at most once.
    [[nodiscard]] base::Task<Response> operator()() const;

private:
    std::span<const std::shared_ptr<Middleware>> chain_;
    Exchange* exchange_;
    const Route* route_;
};

/// Runs once a route is found, inside the application's trace, metrics, access log and mapping of
/// exceptions: what it answers is counted and logged, what it throws is answered like a handler's.
/// Requests that no route serves (404, 405) do not pass it.
///
///     base::Task<Response> MyMiddleware::handle(Exchange& exchange, const Route&, Next next) {
///         auto response = co_await next();
///         response.headers.set("X-Served-By", "me");
///         co_return response;
///     }
class Middleware {
public:
    virtual ~Middleware() = default;

    /// Answers the request, itself or with the response of next(). Called concurrently from every
    /// worker thread; exchange and route outlive the task.
    [[nodiscard]] virtual base::Task<Response> handle(Exchange& exchange, const Route& route,
                                                      Next next) = 0;

    /// Whether it is of use to that route: asked when the application starts, so that the requests
    /// of other routes do not pay for it.
    [[nodiscard]] virtual bool applies_to(const Route&) const { return true; }

    /// How large a body it allows for its routes; nullopt: that is not its business. Asked when the
    /// application starts; of several the innermost counts.
    [[nodiscard]] virtual std::optional<std::size_t> max_body_bytes() const { return std::nullopt; }

    /// Adds what it may answer to the OpenAPI document.
    virtual void document(Operation&, schema::Components&) const {}
};

}  // namespace web
