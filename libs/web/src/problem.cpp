#include <telemetry/trace.hpp>
#include <web/problem.hpp>

namespace web {

Response problem_response(const ProblemDetails& details, std::string_view instance) {
    const auto& context = base::current_context();
    Problem problem{
        .type = "about:blank",  // RFC 9457, section 4.2.1: the status says it all
        .title = std::string(reason_phrase(details.status)),
        .status = details.status,
        .detail = details.detail,
        .instance = std::string(instance),
        .trace_id = context.valid() ? telemetry::trace::hex(context.trace_id) : "",
        .errors = {},
    };
    if (!details.errors.empty()) problem.errors = schema::Omissible(details.errors);

    auto response =
        text_response(details.status, std::string(kProblemMediaType), schema::to_json(problem));
    for (const auto& [name, value] : details.headers)
        response.headers.set(name, value);
    // An error is about this request at this moment.
    response.headers.set("Cache-Control", "no-store");
    return response;
}

}  // namespace web
