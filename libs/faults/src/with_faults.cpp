#include <memory>
#include <utility>

#include <faults/fault_set.hpp>
#include <faults/injector.hpp>
#include <faults/with_faults.hpp>
#include <web/extract.hpp>
#include <web/result.hpp>

#include "middleware.hpp"

namespace faults {
namespace {

using base::Task;
using web::Body, web::Dep, web::NoContent, web::NotFound, web::Query, web::Result;

// GET /v1/faults
Task<FaultList> list_faults(Dep<Injector> faults) {
    co_return faults->list();
}

// PUT /v1/faults
Task<Result<FaultList, NotFound>> set_faults(Body<FaultSet> body, Dep<Injector> faults) {
    if (!faults->knows(body.route.value())) {
        co_return NotFound("No endpoint has this route; it is a template such as /v1/items/{id}.");
    }
    faults->set(std::move(body));
    co_return faults->list();
}

// DELETE /v1/faults
Task<NoContent> clear_faults(Query<"route", std::optional<FaultRoute>> route,
                             Dep<Injector> faults) {
    std::optional<std::string> only;
    if (route) only = *route;
    faults->clear(only);
    co_return NoContent();
}

web::Router endpoints() {
    return web::Router("/v1/faults", "faults", "What goes wrong on purpose, for learners.")
        .get<"/", list_faults>("List the faults that are set")
        .put<"/", set_faults>("Set the faults of a route")
        .del<"/", clear_faults>("Remove the faults of a route, or all");
}

}  // namespace

web::Router with_faults(web::Router resources) {
    // /v1/faults itself stays outside of the middleware, so that it can end what it began.
    resources.use(std::make_shared<Middleware>());
    web::Router all;
    all.include(endpoints()).include(resources);
    return all;
}

}  // namespace faults
