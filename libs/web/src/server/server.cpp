#include <chrono>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <base/sleep.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <web/server.hpp>

#include "server/worker.hpp"

namespace web {
namespace {

namespace asio = boost::asio;
using server::Shared;
using server::Tcp;
using server::Worker;

// How often drain() looks whether the last connection has ended.
constexpr std::chrono::milliseconds kDrainPoll(5);

// SO_REUSEPORT would let a second server of the same user share the port in silence, and take
// every other connection. A socket without it finds out.
void require_free(asio::io_context& context, const Tcp::endpoint& endpoint) {
    Tcp::acceptor probe(context, endpoint.protocol());
    probe.set_option(Tcp::acceptor::reuse_address(true));
    probe.bind(endpoint);
}

base::Task<> begin_drain(std::shared_ptr<Worker> worker) {
    worker->begin_drain();
    co_return;
}

base::Task<std::size_t> drop_connections(std::shared_ptr<Worker> worker) {
    co_return worker->drop_connections();
}

}  // namespace

class Server::Impl {
public:
    Impl(ServerConfig config, Handler& handler, std::span<asio::io_context* const> contexts)
        : shared_(std::make_shared<Shared>(std::move(config), handler)),
          contexts_(contexts.begin(), contexts.end()) {}

    void start() {
        const auto& config = shared_->config;
        try {
            Tcp::endpoint endpoint(asio::ip::make_address(config.host), config.port);
            if (config.port != 0) require_free(*contexts_.front(), endpoint);
            for (auto* context : contexts_) {
                workers_.push_back(std::make_shared<Worker>(shared_, *context, endpoint));
                endpoint = workers_.back()->endpoint();  // port 0: the others take the first's
            }
            port_ = endpoint.port();
        } catch (const boost::system::system_error& error) {
            workers_.clear();
            throw std::system_error(
                error.code(), fmt::format("cannot listen on {} port {}", config.host, config.port));
        }
        for (const auto& worker : workers_)
            worker->start();
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::size_t connections() const noexcept { return shared_->connections; }

    base::Task<std::size_t> drain(std::chrono::milliseconds timeout) {
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        // A context whose worker has finished would stop and not run the work that we post below.
        std::vector<asio::executor_work_guard<server::Executor>> running;
        for (const auto& worker : workers_)
            running.emplace_back(worker->executor());
        for (const auto& worker : workers_) {
            const auto [failure] =
                co_await asio::co_spawn(worker->executor(), begin_drain(worker), base::use_task);
            base::rethrow(failure);
        }
        while (shared_->acceptors > 0 || shared_->connections > 0) {
            if (std::chrono::steady_clock::now() >= deadline) break;
            co_await base::sleep_for(kDrainPoll);
        }
        std::size_t dropped = 0;
        for (const auto& worker : workers_) {
            const auto [failure, count] = co_await asio::co_spawn(
                worker->executor(), drop_connections(worker), base::use_task);
            base::rethrow(failure);
            dropped += count;
        }
        co_return dropped;
    }

private:
    std::shared_ptr<Shared> shared_;
    std::vector<asio::io_context*> contexts_;
    std::vector<std::shared_ptr<Worker>> workers_;
    std::uint16_t port_ = 0;
};

Server::Server(ServerConfig config, Handler& handler,
               std::span<boost::asio::io_context* const> contexts)
    : impl_(std::make_unique<Impl>(std::move(config), handler, contexts)) {}

Server::~Server() = default;

void Server::start() {
    impl_->start();
}

std::uint16_t Server::port() const noexcept {
    return impl_->port();
}

base::Task<std::size_t> Server::drain(std::chrono::milliseconds timeout) {
    return impl_->drain(timeout);
}

std::size_t Server::active_connections() const noexcept {
    return impl_->connections();
}

}  // namespace web
