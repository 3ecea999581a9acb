// A real server on a free port of the loopback interface, and raw sockets to speak to it byte by
// byte, as no well-behaved client would.
#pragma once

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <test_support/eventually.hpp>

#include <web/handler.hpp>
#include <web/server.hpp>

namespace web::testing {

using test_support::eventually;

/// Echoes what it gets: the request line and body, as text. Some paths do more.
class EchoHandler : public Handler {
public:
    base::Task<Response> handle(Request request) override {
        ++requests;
        if (request.path() == "/slow") {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
            timer.expires_after(slow_for);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        if (request.path() == "/throw") throw std::runtime_error("secret");
        if (request.path() == "/split") {
            co_return Response{.headers = {{"X-Evil", "a\r\nSet-Cookie: b"}}};
        }
        if (request.path() == "/large") co_return text_response(200, "text/plain", large);
        if (request.path() == "/empty") co_return Response{.status = 204};
        if (request.path() == "/unchanged") co_return Response{.status = 304};
        auto response = text_response(
            200, "text/plain",
            std::string(to_string(request.method)) + " " + request.target + "\n" + request.body);
        response.headers.add("X-Host", std::string(request.headers.find("Host").value_or("-")));
        response.headers.add("X-Peer", request.remote_address);
        response.headers.add("X-Traceparent",
                             std::string(request.headers.find("traceparent").value_or("-")));
        co_return response;
    }

    Response refuse(int status, std::string_view detail) override {
        ++refusals;
        return text_response(status, "application/problem+json", std::string(detail));
    }

    std::atomic<int> requests = 0;
    std::atomic<int> refusals = 0;
    std::chrono::milliseconds slow_for{200};
    std::string large = std::string(8UL * 1024 * 1024, 'x');
};

/// A server on its own threads, one for each context, until the fixture goes.
template <class Application>
class BasicRunningServer {
public:
    explicit BasicRunningServer(ServerConfig config = {}, int threads = 1) {
        config.host = "127.0.0.1";
        std::vector<boost::asio::io_context*> pointers;
        for (int i = 0; i < threads; ++i) {
            contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
            pointers.push_back(contexts_.back().get());
        }
        server_ = std::make_unique<Server>(config, handler, pointers);
        server_->start();
        for (auto& context : contexts_)
            threads_.emplace_back([&context] { context->run(); });
    }

    ~BasicRunningServer() {
        for (auto& context : contexts_)
            context->stop();
        threads_.clear();
        server_.reset();
        contexts_.clear();
    }
    BasicRunningServer(const BasicRunningServer&) = delete;
    BasicRunningServer& operator=(const BasicRunningServer&) = delete;

    [[nodiscard]] Server& server() { return *server_; }
    [[nodiscard]] boost::asio::io_context& context() { return *contexts_.front(); }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

    /// Runs drain() to its end; returns how many requests were dropped.
    std::size_t drain(std::chrono::milliseconds timeout) {
        return boost::asio::co_spawn(context(), server_->drain(timeout), boost::asio::use_future)
            .get();
    }

    Application handler;

private:
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
    std::unique_ptr<Server> server_;
    std::vector<std::jthread> threads_;
};

using RunningServer = BasicRunningServer<EchoHandler>;

/// A blocking connection to a port of this machine. Reads give up after 5 s, so a hanging server
/// fails a test and does not hang it.
class RawConnection {
public:
    /// Not connected yet.
    RawConnection() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const timeval limit{.tv_sec = 5, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    explicit RawConnection(std::uint16_t port) : RawConnection() {
        if (!connect(port)) throw std::runtime_error("cannot connect");
    }
    ~RawConnection() { ::close(socket_); }
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    bool connect(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }

    /// Returns whether all of it went out: a server may have closed by then.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
        return true;
    }
    void finish_sending() { ::shutdown(socket_, SHUT_WR); }

    /// Reads until what has been received since the last call holds `mark`, and returns it all;
    /// what follows the mark stays for the next call. At the end of the stream: what there is.
    std::string read_until(std::string_view mark) {
        for (;;) {
            if (const auto at = received_.find(mark); at != std::string::npos) {
                auto result = received_.substr(0, at + mark.size());
                received_.erase(0, at + mark.size());
                return result;
            }
            if (!receive()) return std::exchange(received_, {});
        }
    }
    /// Everything up to the end of the stream. A reset connection adds "<reset>".
    std::string read_all() {
        while (receive()) {
        }
        return std::exchange(received_, {});
    }
    /// Whether the server closes within the time limit, without a further byte.
    bool closes() { return read_all().empty(); }

private:
    bool receive() {
        char bytes[64 * 1024];
        const auto size = ::recv(socket_, bytes, sizeof bytes, 0);
        if (size < 0) received_ += errno == ECONNRESET ? "<reset>" : "<timeout>";
        if (size <= 0) return false;
        received_.append(bytes, static_cast<std::size_t>(size));
        return true;
    }

    int socket_;
    std::string received_;
};

/// Sends bytes on a connection of their own and returns all that comes back. The request has to
/// make the server close.
inline std::string exchange(std::uint16_t port, std::string_view bytes) {
    RawConnection connection(port);
    connection.send(bytes);
    return connection.read_all();
}

}  // namespace web::testing
