#include <faults/fault_injector.hpp>
#include <routers/faults.hpp>
#include <schemas/fault.hpp>

#include <web/extract.hpp>
#include <web/result.hpp>

namespace app {
namespace {

using base::Task;
using web::Body, web::Dep, web::NoContent, web::NotFound, web::Query, web::Result;

// GET /v1/faults
Task<FaultList> list_faults(Dep<FaultInjector> faults) {
    co_return faults->list();
}

// PUT /v1/faults
Task<Result<FaultList, NotFound>> set_faults(Body<FaultSet> body, Dep<FaultInjector> faults) {
    if (!faults->knows(*body->route)) {
        co_return NotFound("No endpoint has this route; it is a template such as /v1/items/{id}.");
    }
    faults->set(std::move(*body));
    co_return faults->list();
}

// DELETE /v1/faults
Task<NoContent> clear_faults(Query<"route", std::optional<FaultRoute>> route,
                             Dep<FaultInjector> faults) {
    std::optional<std::string> only;
    if (*route) only = ***route;
    faults->clear(only);
    co_return NoContent();
}

}  // namespace

web::Router faults_router() {
    return web::Router("/v1/faults", "faults", "What goes wrong on purpose, for learners.")
        .get<"/", list_faults>("List the faults that are set")
        .put<"/", set_faults>("Set the faults of a route")
        .del<"/", clear_faults>("Remove the faults of a route, or all");
}

}  // namespace app
