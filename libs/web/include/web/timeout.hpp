// Middleware that bounds how long a handler may take.
#pragma once

#include <chrono>

#include <web/middleware.hpp>

namespace web {

/// A handler that has not answered after `limit`, or after its route's own (Router::within), is
/// cancelled and the request answered with 504.
/// The operation that it awaits is aborted (asio's terminal cancellation), so its destructors run
/// and it may clean up; a handler that awaits nothing cannot be interrupted, and what it answers
/// in the end is sent. Whether a statement that the database already has is executed stays open,
/// as with any 504 (RFC 9110, section 15.6.5).
///
/// The limit ends with the response's head: a stream of events may last.
class Timeout final : public Middleware {
public:
    /// Throws std::invalid_argument unless limit > 0.
    explicit Timeout(std::chrono::milliseconds limit);

    [[nodiscard]] base::Task<Response> handle(Exchange& exchange, const Route& route,
                                              Next next) override;
    void document(Operation& operation, schema::Components& components) const override;

private:
    std::chrono::milliseconds limit_;
};

}  // namespace web
