#include "server/worker.hpp"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <telemetry/log.hpp>

#include "server/connection.hpp"

namespace web::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// How long accepting pauses after an error.
constexpr std::chrono::milliseconds kResourcePause(100);
// How often a connection beyond max_connections checks for a place.
constexpr std::chrono::milliseconds kPlacePoll(10);

Acceptor listen(const Executor& executor, const Tcp::endpoint& endpoint) {
    Acceptor acceptor(executor, endpoint.protocol());
    acceptor.set_option(Acceptor::reuse_address(true));
    // One listening socket for each thread, and the kernel spreads connections over them.
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
        throw boost::system::system_error(errno, boost::system::system_category());
    }
    // Linux lets accepted sockets inherit it: one system call less for each connection.
    acceptor.set_option(Tcp::no_delay(true));
    acceptor.bind(endpoint);
    acceptor.listen(asio::socket_base::max_listen_connections);
    return acceptor;
}

// One clock for all connections of a thread. Exact to a quarter of the shortest limit: a timer
// for each read and write would be exact to the millisecond, at the price of system calls.
std::chrono::milliseconds tick_length(const ServerConfig& config) {
    const auto shortest = std::min(
        {config.header_timeout, config.body_timeout, config.idle_timeout, config.write_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(100));
}

std::string address_of(const Tcp::endpoint& peer) {
    const auto address = peer.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

void log_accept_error(const error_code& error) {
    telemetry::log::warn("cannot accept connections; retrying", {{"error", error.message()}});
}

// The end of a coroutine that nobody awaits.
void log_failure(std::exception_ptr failure) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        telemetry::log::error("connection failed", {{"error", std::string_view(error.what())}});
    } catch (...) {
        telemetry::log::error("connection failed");
    }
}

}  // namespace

struct Worker::Hooks {
    boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>> connections;
};

Worker::Worker(std::shared_ptr<Shared> shared, asio::io_context& context,
               const Tcp::endpoint& endpoint)
    : shared_(std::move(shared)),
      executor_(context.get_executor()),
      acceptor_(listen(executor_, endpoint)),
      endpoint_(acceptor_.local_endpoint()),
      accept_pause_(executor_),
      tick_(executor_),
      hooks_(std::make_unique<Hooks>()) {}

Worker::~Worker() = default;

void Worker::start() {
    ++shared_->acceptors;
    base::spawn(executor_, accept_loop(shared_from_this()), log_failure);
    base::spawn(executor_, timeout_loop(shared_from_this()), log_failure);
}

base::Task<> Worker::accept_loop(std::shared_ptr<Worker> self) {
    while (!self->draining_) {
        Tcp::endpoint peer;
        auto [error, socket] = co_await self->acceptor_.async_accept(peer, base::use_task);
        if (!error) {
            co_await self->wait_for_place();
            self->open(std::move(socket), peer);
        } else if (!self->draining_) {
            // Probably out of descriptors or memory. Connections in the backlog are not lost.
            log_accept_error(error);
            self->accept_pause_.expires_after(kResourcePause);
            co_await self->accept_pause_.async_wait(base::use_task);
        }
    }
    self->accept_backlog();
    --self->shared_->acceptors;
}

base::Task<> Worker::wait_for_place() {
    while (!take_place()) {
        accept_pause_.expires_after(kPlacePoll);
        co_await accept_pause_.async_wait(base::use_task);
    }
}

bool Worker::take_place() noexcept {
    auto count = shared_->connections.load();
    do {
        // A draining server accepts every connection that the kernel has already completed.
        if (count >= shared_->config.max_connections && !draining_) return false;
    } while (!shared_->connections.compare_exchange_weak(count, count + 1));
    return true;
}

bool Worker::take_large_body() noexcept {
    if (shared_->large_bodies.fetch_add(1) < config().max_large_bodies) return true;
    release_large_body();
    return false;
}

void Worker::release_large_body() noexcept {
    shared_->large_bodies.fetch_sub(1);
}

void Worker::release_place() noexcept {
    --shared_->connections;
    // The clock is the last thing that keeps a drained io_context running.
    if (draining_ && hooks_->connections.empty()) tick_.cancel();
}

void Worker::open(Socket socket, const Tcp::endpoint& peer) {
    auto connection =
        std::make_unique<Connection>(shared_from_this(), std::move(socket), address_of(peer));
    if (draining_) connection->begin_drain();
    base::spawn(executor_, Connection::serve(std::move(connection)), log_failure);
}

// Connections that the kernel completed before the server began to stop. Closing the listening
// socket would reset them.
void Worker::accept_backlog() {
    error_code error;
    acceptor_.non_blocking(true, error);
    while (!error) {
        Tcp::endpoint peer;
        auto socket = acceptor_.accept(peer, error);
        if (!error && take_place()) open(std::move(socket), peer);
    }
    acceptor_.close(error);
}

base::Task<> Worker::timeout_loop(std::shared_ptr<Worker> self) {
    const auto tick = tick_length(self->shared_->config);
    while (!self->draining_ || self->shared_->acceptors > 0 || !self->hooks_->connections.empty()) {
        self->tick_.expires_after(tick);
        co_await self->tick_.async_wait(base::use_task);
        const auto now = Connection::Clock::now();
        for (auto& connection : self->hooks_->connections)
            connection.expire(now);
    }
}

void Worker::begin_drain() {
    if (std::exchange(draining_, true)) return;
    error_code ignored;
    acceptor_.cancel(ignored);
    accept_pause_.cancel();
    for (auto& connection : hooks_->connections)
        connection.begin_drain();
}

std::size_t Worker::drop_connections() {
    std::size_t in_flight = 0;
    for (auto& connection : hooks_->connections) {
        if (connection.drop()) ++in_flight;
    }
    return in_flight;
}

void Worker::add(Connection& connection) {
    hooks_->connections.push_back(connection);
}

}  // namespace web::server
