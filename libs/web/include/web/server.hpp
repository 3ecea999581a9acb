// The HTTP/1.1 server (RFC 9112) on Boost.Beast: one acceptor on each io_context, so a connection
// lives on one thread from accept to close and nothing is locked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <base/task.hpp>
#include <web/handler.hpp>

namespace boost::asio {
class io_context;
}

namespace web {

/// Time limits are kept to a quarter of the shortest one, at best 5 ms and at worst 100 ms: one
/// clock serves all connections of a thread.
struct ServerConfig {
    std::string host = "0.0.0.0";  ///< a numeric address, IPv4 or IPv6
    std::uint16_t port = 0;        ///< 0: the system chooses one; see Server::port()
    /// More: 413, and the connection closes, unless Handler::max_body_bytes() allows it
    /// (BodyLimit).
    std::size_t max_body_bytes = 1024UL * 1024;
    /// Requests with a larger body at a time, over all threads; more get 503. They bound the
    /// memory.
    std::size_t max_large_bodies = 2;
    std::size_t max_header_bytes = 16UL * 1024;  ///< request line and headers; more: 431
    std::size_t max_connections = 10'000;        ///< over all threads; more wait until one ends
    /// From the first byte of a request to the end of its headers, else 408. On a new connection
    /// from its start, and one that stays silent is closed without an answer.
    std::chrono::milliseconds header_timeout{10'000};
    /// From headers to end of body, and again for each further max_body_bytes of it; 408.
    std::chrono::milliseconds body_timeout{30'000};
    std::chrono::milliseconds idle_timeout{75'000};   ///< a kept-alive connection without request
    std::chrono::milliseconds write_timeout{30'000};  ///< a peer that reads nothing is dropped
};

/// Errors of a client are answered through Handler::refuse(), and the connection closes. An
/// exception of Handler::handle() is logged and answered with refuse(500). The server does not
/// limit the time of a handler.
class Server {
public:
    /// `handler` and the contexts outlive the server. Each context is run by one thread.
    Server(ServerConfig config, Handler& handler,
           std::span<boost::asio::io_context* const> contexts);
    /// Once drain() is done, or once the contexts have stopped.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and listens; the contexts' threads then serve. Throws std::system_error that names
    /// address and port when they are taken or not permitted.
    void start();

    /// The port that is bound.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Stops accepting, closes idle connections, lets each request in flight finish (answered with
    /// `Connection: close`), and after `timeout` drops what is left. Returns how many requests were
    /// dropped; their handlers run on, and what they return goes nowhere. A connection that the
    /// kernel had accepted before still gets its first request served. Run it on any of the
    /// contexts, once.
    [[nodiscard]] base::Task<std::size_t> drain(std::chrono::milliseconds timeout);

    [[nodiscard]] std::size_t active_connections() const noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace web
