// The kept-alive connections that wait for the next call.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace web::client {

/// Those of one client on one io_context: a connection never changes its thread.
class IdleConnections {
public:
    explicit IdleConnections(std::size_t most) : most_(most) {}

    /// The connection that was used last and is still open, if there is one.
    [[nodiscard]] std::optional<boost::asio::ip::tcp::socket> take();
    /// Keeps a connection; when there are too many, the one that has waited longest is closed.
    void put(boost::asio::ip::tcp::socket socket);

private:
    struct Idle {
        boost::asio::ip::tcp::socket socket;
        std::chrono::steady_clock::time_point since;
    };

    std::size_t most_;
    std::vector<Idle> idle_;
};

}  // namespace web::client
