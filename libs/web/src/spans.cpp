#include "spans.hpp"

#include <utility>

#include <fmt/format.h>

#include <telemetry/span.hpp>
#include <telemetry/trace.hpp>

namespace web {

namespace trace = telemetry::trace;
using SystemClock = std::chrono::system_clock;

void record_server_span(const Request& request, std::string_view route, const Response& response,
                        std::chrono::nanoseconds duration,
                        const base::TraceContext& parent) noexcept {
    try {
        const auto end = SystemClock::now();
        trace::Span span{
            .name =
                fmt::format("{}{}{}", to_string(request.method), route.empty() ? "" : " ", route),
            .kind = trace::SpanKind::kServer,
            .context = base::current_context(),
            .parent_span_id = parent.span_id,
            .start = end - std::chrono::duration_cast<SystemClock::duration>(duration),
            .end = end,
            .attributes = {{"http.request.method", to_string(request.method)},
                           {"url.scheme", "http"},
                           {"url.path", request.path()},
                           {"http.response.status_code", response.status}},
            // A 4xx is the client's failure, not that of this step.
            .failed = response.status >= 500,
        };
        if (!route.empty()) span.attributes.emplace_back("http.route", route);
        if (span.failed) {
            span.attributes.emplace_back("error.type", std::to_string(response.status));
        }
        trace::record(std::move(span));
    } catch (...) {  // NOLINT(bugprone-empty-catch): out of memory costs the span, not the answer
    }
}

CallSpan::CallSpan(Method method, std::string_view path, const client::Address& address)
    : method_(method), path_(path), address_(&address), parent_(base::current_context()) {
    if (!parent_.valid()) return;
    context_ = trace::child_of(parent_);
    if (trace::wants_span(context_)) start_ = SystemClock::now();
}

void CallSpan::end(int status, int attempts) noexcept {
    if (!trace::wants_span(context_)) return;
    try {
        trace::Span span{
            .name = std::string(to_string(method_)),
            .kind = trace::SpanKind::kClient,
            .context = context_,
            .parent_span_id = parent_.span_id,
            .start = start_,
            .end = SystemClock::now(),
            .attributes = {{"http.request.method", to_string(method_)},
                           {"server.address", address_->host},
                           {"server.port", address_->port},
                           {"url.full", fmt::format("http://{}{}{}", address_->authority,
                                                    address_->prefix, path_)}},
            .failed = status == 0 || status >= 400,
        };
        if (status != 0) span.attributes.emplace_back("http.response.status_code", status);
        if (attempts > 1) span.attributes.emplace_back("http.request.resend_count", attempts - 1);
        if (span.failed) {
            span.attributes.emplace_back("error.type",
                                         status == 0 ? "no_response" : std::to_string(status));
        }
        trace::record(std::move(span));
    } catch (...) {  // NOLINT(bugprone-empty-catch): out of memory costs the span, not the call
    }
}

}  // namespace web
