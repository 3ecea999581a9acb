// The interface between transport and application. The server and the socketless TestClient both
// call a Handler, so a test covers everything of a real request except the socket.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <base/task.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace web {

/// A response that is there already, as the task that handlers return.
[[nodiscard]] inline base::Task<Response> completed(Response response) {
    co_return response;
}

class Handler {
public:
    virtual ~Handler() = default;

    /// Answers one request. Never throws for anything a client sent or a dependency did: those
    /// become responses. Called concurrently from every worker thread.
    [[nodiscard]] virtual base::Task<Response> handle(Request request) = 0;

    /// How many bytes of body a request may have whose header is there, where that is more than the
    /// transport allows by itself; nullopt: it is not.
    [[nodiscard]] virtual std::optional<std::size_t> max_body_bytes(const Request&) {
        return std::nullopt;
    }

    /// The answer to a request that the transport refused before it was complete (400, 408, 413,
    /// 417, 431, 501, 503, 505), or whose handle() threw (500): counted and logged like any other.
    /// It has no CORS headers, since there is no complete request to take an Origin from: the
    /// script of another origin sees a network error instead of this answer.
    [[nodiscard]] virtual Response refuse(int status, std::string_view detail) = 0;
};

}  // namespace web
