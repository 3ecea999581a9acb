// Problem Details for HTTP APIs (RFC 9457): the one shape of every error response.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <schema/schema.hpp>
#include <web/response.hpp>

namespace web {

inline constexpr std::string_view kProblemMediaType = "application/problem+json";

/// One thing that is wrong with a request, and where.
struct FieldError {
    std::string in;       ///< "body", "query", "path" or "header"
    std::string pointer;  ///< JSON pointer into the body ("/items/17/price"), or "/<name>"
    std::string code;     ///< stable, for programs: "greater_than_equal"
    std::string message;  ///< for people
};
BOOST_DESCRIBE_STRUCT(FieldError, (), (in, pointer, code, message))

/// The document as clients receive it.
struct Problem {
    std::string type;
    std::string title;
    std::int32_t status;
    std::string detail;
    std::string instance;
    std::string trace_id;
    schema::Omissible<std::vector<FieldError>> errors;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, detail, instance, trace_id, errors))

/// An application's description of a failure; the rest of the document is derived.
struct ProblemDetails {
    int status = 500;
    std::string detail;
    std::vector<FieldError> errors;
    Headers headers;  ///< further headers, such as Allow or Retry-After
};

/// The problem as application/problem+json. `instance` is the request's path; the trace id is that
/// of the current request (base::current_context()).
[[nodiscard]] Response problem_response(const ProblemDetails& details,
                                        std::string_view instance = {});

}  // namespace web
