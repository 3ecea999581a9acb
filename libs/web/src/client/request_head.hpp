// web::Request -> the bytes that go before its body, as a client sends them (RFC 9112, 3).
#pragma once

#include <string>

#include <base/context.hpp>
#include <web/request.hpp>

#include "client/address.hpp"

namespace web::client {

/// The head, with Host, Content-Length and, if `context` is valid, traceparent set by us. Throws
/// std::invalid_argument for a target or field that would break it (a line break in it), which is
/// a bug of the caller.
[[nodiscard]] std::string request_head(const Request& request, const Address& address,
                                       const base::TraceContext& context);

}  // namespace web::client
