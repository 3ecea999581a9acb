// A TCP proxy that can be cut: to its clients, the server's machine was killed.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <base/task.hpp>

namespace postgres::testing_support {

/// Runs on a thread of its own. All members may be called from any thread.
class Proxy {
public:
    Proxy(std::string host, std::string port) : host_(std::move(host)), port_(std::move(port)) {
        listen(0);
        number_ = acceptor_->local_endpoint().port();
        thread_ = std::thread([this] { context_.run(); });
    }
    ~Proxy() {
        cut();
        work_.reset();
        thread_.join();
    }
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    [[nodiscard]] unsigned short port() const { return number_; }

    /// Resets every connection and refuses new ones.
    void cut() {
        on_thread([this] {
            boost::system::error_code ignored;
            acceptor_->close(ignored);
            for (const auto& socket : sockets_) {
                socket->set_option(Socket::linger(true, 0), ignored);  // RST rather than FIN
                socket->close(ignored);
            }
            sockets_.clear();
        });
    }
    /// Accepts connections again.
    void restore() {
        on_thread([this] { listen(number_); });
    }
    /// From now on nothing is passed on, while the connections stay open.
    void freeze() {
        on_thread([this] { frozen_ = true; });
    }
    /// Passes on what arrives from now on.
    void thaw() {
        on_thread([this] { frozen_ = false; });
    }

private:
    using Tcp = boost::asio::ip::tcp;
    using Socket = Tcp::socket;

    template <class F>
    void on_thread(F f) {
        boost::asio::post(context_, boost::asio::use_future(std::move(f))).get();
    }
    void listen(unsigned short port) {
        acceptor_ = std::make_shared<Tcp::acceptor>(
            context_, Tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), port));
        boost::asio::co_spawn(context_, accept(acceptor_), boost::asio::detached);
    }
    base::Task<> accept(std::shared_ptr<Tcp::acceptor> acceptor) {
        while (true) {
            auto client = std::make_shared<Socket>(
                co_await acceptor->async_accept(boost::asio::use_awaitable));
            auto server = std::make_shared<Socket>(context_);
            Tcp::resolver resolver(context_);
            boost::asio::connect(*server, resolver.resolve(host_, port_));
            sockets_.insert(sockets_.end(), {client, server});
            boost::asio::co_spawn(context_, pass(client, server), boost::asio::detached);
            boost::asio::co_spawn(context_, pass(server, client), boost::asio::detached);
        }
    }
    base::Task<> pass(std::shared_ptr<Socket> from, std::shared_ptr<Socket> to) {
        std::vector<char> buffer(65536);
        try {
            while (true) {
                const std::size_t size = co_await from->async_read_some(boost::asio::buffer(buffer),
                                                                        boost::asio::use_awaitable);
                if (frozen_) continue;
                co_await boost::asio::async_write(*to, boost::asio::buffer(buffer, size),
                                                  boost::asio::use_awaitable);
            }
        } catch (const boost::system::system_error&) {
            boost::system::error_code ignored;
            to->shutdown(Socket::shutdown_send, ignored);
        }
    }

    std::string host_;
    std::string port_;
    unsigned short number_ = 0;
    bool frozen_ = false;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    std::shared_ptr<Tcp::acceptor> acceptor_;
    std::list<std::shared_ptr<Socket>> sockets_;
    std::thread thread_;
};

}  // namespace postgres::testing_support
