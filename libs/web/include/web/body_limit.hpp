// Middleware that says how large the bodies of a group of endpoints may be.
#pragma once

#include <cstddef>
#include <optional>

#include <web/middleware.hpp>

namespace web {

/// A body of more than `max_bytes` is answered with 413. That may be less or more than
/// ServerConfig::max_body_bytes: what is more is read only up to this limit, and only by as many
/// requests at once as ServerConfig::max_large_bodies says.
class BodyLimit final : public Middleware {
public:
    explicit BodyLimit(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    [[nodiscard]] base::Task<Response> handle(Exchange& exchange, const Route& route,
                                              Next next) override;
    [[nodiscard]] std::optional<std::size_t> max_body_bytes() const override { return max_bytes_; }
    void document(Operation& operation, schema::Components& components) const override;

private:
    std::size_t max_bytes_;
};

}  // namespace web
