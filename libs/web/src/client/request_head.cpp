#include "client/request_head.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <base/context.hpp>
#include <telemetry/trace.hpp>

#include "wire/field_line.hpp"

namespace web::client {
namespace {

using wire::append_field_line;

bool is_target(std::string_view target) {
    return target.starts_with('/') &&
           std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F; });
}

// A body is announced even when it is empty, where the method gives it a meaning (RFC 9110, 8.6).
bool announces_length(const Request& request) {
    return !request.body.empty() || request.method == Method::kPost ||
           request.method == Method::kPut || request.method == Method::kPatch;
}

}  // namespace

std::string request_head(const Request& request, const Address& address,
                         const base::TraceContext& context) {
    if (!is_target(request.target)) {
        throw std::invalid_argument(fmt::format("\"{}\" is not a request target", request.target));
    }
    std::string head;
    head.reserve(512);
    fmt::format_to(std::back_inserter(head), "{} {}{} HTTP/1.1\r\n", to_string(request.method),
                   address.prefix, request.target);
    append_field_line(head, "Host", request.headers.find("Host").value_or(address.authority));
    for (const auto& [name, value] : request.headers) {
        const bool is_ours = iequals(name, "Host") || iequals(name, "Content-Length") ||
                             iequals(name, "Transfer-Encoding") || iequals(name, "Connection");
        if (!is_ours) append_field_line(head, name, value);
    }
    if (context.valid() && !request.headers.find("traceparent")) {
        append_field_line(head, "traceparent", telemetry::trace::format_traceparent(context));
    }
    if (announces_length(request)) {
        fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", request.body.size());
    }
    head.append("\r\n");
    return head;
}

}  // namespace web::client
