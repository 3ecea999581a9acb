// An HTTP response. The server adds the framing (Content-Length or chunks), Date and Connection.
#pragma once

#include <memory>
#include <string>

#include <web/body_stream.hpp>
#include <web/http.hpp>

namespace web {

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// A body that many responses share (a file held in memory). When set, `body` is empty.
    std::shared_ptr<const std::string> shared_body;
    /// A body that is made while it is sent. When set, the others are empty.
    std::shared_ptr<BodyStream> stream;

    [[nodiscard]] const std::string& content() const noexcept {
        return shared_body ? *shared_body : body;
    }
};

/// A response with a body of that media type.
[[nodiscard]] Response text_response(int status, std::string content_type, std::string body);

}  // namespace web
