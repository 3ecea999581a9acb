// Problem Details for HTTP APIs (RFC 9457): the one shape of every error response.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <web/response.hpp>

namespace web {

/// One thing that is wrong with a request, and where.
struct FieldError {
    std::string in;       ///< "body", "query", "path" or "header"
    std::string pointer;  ///< JSON pointer into the body ("/items/17/price"), or "/<name>"
    std::string code;     ///< stable, for programs: "greater_than_equal"
    std::string message;  ///< for people
};

struct Problem {
    int status = 500;
    std::string detail;
    std::vector<FieldError> errors;
    std::string title;  ///< empty: the status's standard phrase
    std::string type;   ///< empty: "about:blank", the status says it all
    Headers headers;    ///< further headers, such as Allow or Retry-After
};

/// The problem as application/problem+json. `instance` is the request's path; the trace id is that
/// of the current request (base::current_context()).
[[nodiscard]] Response problem_response(const Problem& problem, std::string_view instance = {});

}  // namespace web
