#include <faults/fault_injector.hpp>
#include <faults/fault_middleware.hpp>

#include <web/router.hpp>

namespace app {
namespace {

base::Task<web::Response> with_faults(FaultInjector& faults, web::Exchange& exchange,
                                      const web::Route& route, web::Next next) {
    auto injection = faults.inject(route.path);
    const auto status = co_await std::move(injection);
    if (!status) co_return co_await next();
    web::ProblemDetails problem{.status = *status, .detail = "A fault was injected on purpose."};
    if (*status != 500) problem.headers.set("Retry-After", "1");
    co_return web::problem_response(problem, exchange.public_path());
}

}  // namespace

base::Task<web::Response> FaultMiddleware::handle(web::Exchange& exchange, const web::Route& route,
                                                  web::Next next) {
    auto* const faults = exchange.dependencies().find<FaultInjector>();
    if (faults == nullptr || faults->idle()) return next();
    return with_faults(*faults, exchange, route, next);
}

void FaultMiddleware::document(web::Operation& operation, schema::Components& components) const {
    operation.add_problem(429, components);
}

}  // namespace app
