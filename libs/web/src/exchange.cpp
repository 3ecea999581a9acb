#include <stdexcept>

#include <web/exchange.hpp>

namespace web {

const std::string& Exchange::path_parameter(std::string_view name) const {
    for (const auto& [key, value] : path_parameters_) {
        if (key == name) return value;
    }
    // The router's static_assert makes this unreachable for typed endpoints.
    throw std::logic_error("the route has no parameter " + std::string(name));
}

void Exchange::add_path_parameter(std::string_view name, std::string value) {
    path_parameters_.emplace_back(name, std::move(value));
}

const QueryFields& Exchange::query() {
    if (!query_) {
        query_ = parse_query(request_->query());
        if (!query_) {
            refuse(400, "The query string has a \"%\" that is not followed by two hex digits.");
            query_.emplace();
        }
    }
    return *query_;
}

void Exchange::fail(std::string_view in, const schema::Issue& issue) {
    errors_.push_back({std::string(in), issue.pointer, issue.code, issue.message});
}

void Exchange::refuse(int status, std::string detail) {
    if (!refusal_) refusal_ = ProblemDetails{.status = status, .detail = std::move(detail)};
}

}  // namespace web
