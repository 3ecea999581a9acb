#include "middleware.hpp"

#include <faults/injector.hpp>
#include <web/router.hpp>

namespace faults {
namespace {

base::Task<web::Response> inject(Injector& injector, web::Exchange& exchange,
                                 const web::Route& route, web::Next next) {
    auto injection = injector.inject(route.path);
    const auto status = co_await std::move(injection);
    if (!status) co_return co_await next();
    web::ProblemDetails problem{.status = *status, .detail = "A fault was injected on purpose."};
    if (*status != 500) problem.headers.set("Retry-After", "1");
    co_return web::problem_response(problem, exchange.public_path());
}

}  // namespace

base::Task<web::Response> Middleware::handle(web::Exchange& exchange, const web::Route& route,
                                             web::Next next) {
    // There is one: the endpoints of /v1/faults depend on it, which App::start() checks.
    auto& injector = *exchange.dependencies().find<Injector>();
    if (injector.idle()) return next();
    return inject(injector, exchange, route, next);
}

void Middleware::document(web::Operation& operation, schema::Components& components) const {
    operation.add_problem(429, components);
    operation.add_header(429, "Retry-After", "Seconds until the next request is served");
}

}  // namespace faults
