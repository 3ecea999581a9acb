// Spans of incoming requests and outgoing calls
// (https://opentelemetry.io/docs/specs/semconv/http/http-spans/).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <base/context.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

#include "client/address.hpp"

namespace web {

/// Records the span of the request that the current context is of and that ends now. `route` is
/// empty when none served it. Call it if telemetry::trace::wants_span().
void record_server_span(const Request& request, std::string_view route, const Response& response,
                        std::chrono::nanoseconds duration,
                        const base::TraceContext& parent) noexcept;

/// One call to another service, from its start to end(); a call that is abandoned leaves no span.
/// Outside of a request it has no identity and records nothing.
class CallSpan {
public:
    /// `path` outlives the span's end. A query is left out: it may hold what logs must not show.
    CallSpan(Method method, std::string_view path, const client::Address& address);

    /// The context of the outgoing traceparent.
    [[nodiscard]] const base::TraceContext& context() const noexcept { return context_; }

    /// `status` is 0 if there was no answer. One span covers all attempts.
    void end(int status, int attempts) noexcept;

private:
    Method method_;
    std::string_view path_;
    const client::Address* address_;
    base::TraceContext parent_;
    base::TraceContext context_;
    std::chrono::system_clock::time_point start_;
};

}  // namespace web
