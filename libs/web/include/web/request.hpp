// An HTTP request as handlers and extractors see it: complete, in memory, within the limits.
#pragma once

#include <string>
#include <string_view>

#include <web/http.hpp>

namespace web {

struct Request {
    Method method = Method::kGet;
    /// Origin form: path and query, still percent-encoded ("/v1/items?q=caf%C3%A9").
    std::string target = "/";
    Headers headers;
    std::string body;
    /// The peer's address, without its port; behind the gateway that is the gateway's.
    std::string remote_address;

    /// The parts of the target; both still percent-encoded.
    [[nodiscard]] std::string_view path() const noexcept;
    [[nodiscard]] std::string_view query() const noexcept;
};

}  // namespace web
