// An HTTP/1.1 client for calls to other services: keep-alive, a deadline for each call, and the
// current request's trace context passed on (W3C traceparent).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <base/errors.hpp>
#include <base/task.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace web {

struct ClientConfig {
    /// "http://host[:port][/prefix]"; targets are appended to it. Only http: TLS ends at the
    /// gateway.
    std::string base_url;
    std::chrono::milliseconds timeout{5'000};  ///< for one call, from connecting to the last byte
    std::size_t max_response_bytes = 16UL * 1024 * 1024;
    std::size_t max_idle_connections = 8;  ///< kept for reuse, for each thread
};

/// No answer: connecting failed, the deadline passed, or the peer broke off. A response of any
/// status is an answer and no error.
class ClientError : public base::Unavailable {
    using base::Unavailable::Unavailable;
};

/// Connections are kept for each io_context, which is run by one thread. The client outlives its
/// calls.
class Client {
public:
    /// Throws base::ConfigError for a base_url that cannot be used.
    explicit Client(ClientConfig config);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends the request and awaits the whole response. A request on a reused connection that the
    /// peer had closed is sent once more on a new one if its method is idempotent (RFC
    /// 9110, 9.2.2). Host, Content-Length and, within a traced request, traceparent are set here;
    /// redirects are not followed. Throws ClientError that names method, host, port, path and what
    /// failed; std::invalid_argument for a target or header that is malformed, which is a bug of
    /// the caller.
    [[nodiscard]] base::Task<Response> send(Request request);
    [[nodiscard]] base::Task<Response> get(std::string target);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace web
