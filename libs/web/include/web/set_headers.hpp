// Middleware that gives answers the same header fields, such as those by which a page tells the
// browser what it may do.
#pragma once

#include <utility>

#include <web/http.hpp>
#include <web/middleware.hpp>

namespace web {

/// Sets each field in every answer of the endpoints that it surrounds, in place of one of the same
/// name. What other parts answer (an exception's 500, a 404 without a route) stays as it is.
class SetHeaders final : public Middleware {
public:
    explicit SetHeaders(Headers fields) : fields_(std::move(fields)) {}

    [[nodiscard]] base::Task<Response> handle(Exchange& exchange, const Route& route,
                                              Next next) override;

private:
    Headers fields_;
};

}  // namespace web
