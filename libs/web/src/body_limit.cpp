#include <fmt/format.h>

#include <web/body_limit.hpp>
#include <web/handler.hpp>

namespace web {

base::Task<Response> BodyLimit::handle(Exchange& exchange, const Route&, Next next) {
    if (exchange.request().body.size() <= max_bytes_) return next();
    return completed(problem_response(
        {.status = 413,
         .detail = fmt::format("The request body has more than {} bytes.", max_bytes_)},
        exchange.public_path()));
}

void BodyLimit::document(Operation& operation, schema::Components& components) const {
    if (operation.request_body.empty()) return;
    operation.request_body["description"] = fmt::format("At most {} bytes.", max_bytes_);
    operation.add_problem(413, components);
}

}  // namespace web
