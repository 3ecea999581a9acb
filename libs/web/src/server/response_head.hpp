// web::Response -> the status line and header fields that go before its body (RFC 9112, 4 and 6).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <web/http.hpp>
#include <web/response.hpp>

namespace web::server {

/// What the response needs to know of the request and the connection.
struct Framing {
    Method method = Method::kGet;
    bool http_1_0 = false;
    bool keep_alive = true;
};

/// Whether the body is sent: not for HEAD, nor for a 204 and a 304 (RFC 9110, 6.4.1).
[[nodiscard]] bool sends_body(const Response& response, Method method) noexcept;

/// The head, with Content-Length or Transfer-Encoding, Date, Connection and Server set by us; what
/// the handler set for framing is ignored. Throws std::invalid_argument for a field that would
/// split the response (a line break in it), which is a bug of the handler.
[[nodiscard]] std::string response_head(const Response& response, const Framing& framing);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate; RFC 9110, 5.6.7).
[[nodiscard]] std::string format_http_date(std::chrono::sys_seconds time);

}  // namespace web::server
