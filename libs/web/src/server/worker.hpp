// The part of the server that one thread owns: its acceptor, its connections, and the clock that
// times them out. Everything runs on one io_context, so on one thread, and nothing is locked.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <base/task.hpp>
#include <web/server.hpp>

namespace web::server {

using Tcp = boost::asio::ip::tcp;
// With the io_context's own executor in their type, operations need no type-erased one.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<Tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

class Connection;

/// Shared by the workers.
struct Shared {
    Shared(ServerConfig settings, Handler& application)
        : config(std::move(settings)), handler(application) {}

    const ServerConfig config;
    Handler& handler;
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> acceptors{0};  ///< those that still accept
    std::atomic<std::size_t> large_bodies{0};
};

/// Coroutines of a worker hold a shared_ptr to it, so that those that an io_context destroys late
/// find it alive.
class Worker : public std::enable_shared_from_this<Worker> {
public:
    /// Binds and listens on `endpoint`. Throws boost::system::system_error.
    Worker(std::shared_ptr<Shared> shared, boost::asio::io_context& context,
           const Tcp::endpoint& endpoint);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Starts to serve. Thread-safe; everything below runs on the worker's thread.
    void start();
    [[nodiscard]] Tcp::endpoint endpoint() const { return endpoint_; }
    [[nodiscard]] const Executor& executor() const noexcept { return executor_; }

    /// Stops accepting, and closes connections that wait for a request.
    void begin_drain();
    /// Closes what is left. Returns how many had a request in flight.
    [[nodiscard]] std::size_t drop_connections();

    // For connections.
    [[nodiscard]] const ServerConfig& config() const noexcept { return shared_->config; }
    [[nodiscard]] Handler& handler() const noexcept { return shared_->handler; }
    [[nodiscard]] bool draining() const noexcept { return draining_; }
    void add(Connection& connection);
    /// Gives back the place that a connection occupied.
    void release_place() noexcept;
    /// The right to read a body of more than ServerConfig::max_body_bytes; false: all are taken.
    [[nodiscard]] bool take_large_body() noexcept;
    void release_large_body() noexcept;

private:
    static base::Task<> accept_loop(std::shared_ptr<Worker> self);
    static base::Task<> timeout_loop(std::shared_ptr<Worker> self);
    [[nodiscard]] base::Task<> wait_for_place();
    [[nodiscard]] bool take_place() noexcept;
    void open(Socket socket, const Tcp::endpoint& peer);
    void accept_backlog();

    struct Hooks;
    std::shared_ptr<Shared> shared_;
    Executor executor_;
    Acceptor acceptor_;
    Tcp::endpoint endpoint_;
    Timer accept_pause_;
    Timer tick_;
    std::unique_ptr<Hooks> hooks_;  // the list of connections
    bool draining_ = false;
};

}  // namespace web::server
