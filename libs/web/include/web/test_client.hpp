// Drives a Handler without a socket: the whole stack but the transport, in microseconds.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include <web/handler.hpp>

namespace boost::asio {
class io_context;
}

namespace web {

class TestClient {
public:
    explicit TestClient(Handler& handler) : handler_(&handler) {}
    /// Runs requests on that io_context, for handlers whose dependencies are bound to it (a
    /// database pool). It must outlive the client, and nothing else may run it.
    TestClient(Handler& handler, boost::asio::io_context& context)
        : handler_(&handler), context_(&context) {}

    struct Reply : Response {
        /// The body as JSON; throws if it is not JSON.
        [[nodiscard]] boost::json::value json() const;
        /// A header's value, or "".
        [[nodiscard]] std::string header(std::string_view name) const;
    };

    /// A response whose body the test reads piece by piece, as the transport does.
    class Open {
        friend class TestClient;
        std::shared_ptr<boost::asio::io_context> context_;  // outlives what runs on it

    public:
        /// The next piece, nullopt at the end. Throws what the stream throws, and
        /// std::runtime_error after 30 s without a piece.
        [[nodiscard]] std::optional<std::string> next();
        /// Simulates that the client has gone or the server drains.
        void stop() { reply.stream->stop(); }

        Reply reply;  ///< without its body
    };

    /// Runs the request to its end on the calling thread; a streamed body is read to its end.
    [[nodiscard]] Reply send(Request request);
    /// Runs the request up to the head of its response, which has to be a streamed one.
    [[nodiscard]] Open open(Request request);

    [[nodiscard]] Reply get(std::string target, Headers headers = {});
    [[nodiscard]] Reply del(std::string target, Headers headers = {});
    /// With a body of application/json, unless the headers say otherwise.
    [[nodiscard]] Reply post(std::string target, const boost::json::value& body,
                             Headers headers = {});
    [[nodiscard]] Reply put(std::string target, const boost::json::value& body,
                            Headers headers = {});
    [[nodiscard]] Reply patch(std::string target, const boost::json::value& body,
                              Headers headers = {});

private:
    [[nodiscard]] Reply send_json(Method method, std::string target, const boost::json::value& body,
                                  Headers headers);
    Handler* handler_;
    boost::asio::io_context* context_ = nullptr;  // nullptr: a new one for each request
};

}  // namespace web
