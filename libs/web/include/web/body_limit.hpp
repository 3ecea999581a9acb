// Middleware that allows less of a body than the server does.
#pragma once

#include <cstddef>

#include <web/middleware.hpp>

namespace web {

/// A body of more than `max_bytes` is answered with 413 before it is parsed. The server's own limit
/// (ServerConfig::max_body_bytes) also applies and bounds the memory.
class BodyLimit final : public Middleware {
public:
    explicit BodyLimit(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    [[nodiscard]] base::Task<Response> handle(Exchange& exchange, const Route& route,
                                              Next next) override;
    void document(Operation& operation, schema::Components& components) const override;

private:
    std::size_t max_bytes_;
};

}  // namespace web
