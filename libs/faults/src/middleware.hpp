// Applies the faults to the requests of a group of endpoints.
#pragma once

#include <web/middleware.hpp>

namespace faults {

/// Asks the Injector that the application provides.
class Middleware final : public web::Middleware {
public:
    [[nodiscard]] base::Task<web::Response> handle(web::Exchange& exchange, const web::Route& route,
                                                   web::Next next) override;
    void document(web::Operation& operation, schema::Components& components) const override;
};

}  // namespace faults
