// The kept-alive connections that wait for the next call.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace web::client {

/// One for each io_context, which owns it: a connection never changes its thread, nothing is
/// locked, and none outlives the context that it belongs to. Clients of the same peer share them.
class IdleConnections : public boost::asio::execution_context::service {
public:
    using key_type = IdleConnections;
    static boost::asio::execution_context::id id;

    explicit IdleConnections(boost::asio::execution_context& context) : service(context) {}

    /// The connection to `authority` that was used last and is still open, if there is one.
    [[nodiscard]] std::optional<boost::asio::ip::tcp::socket> take(const std::string& authority);
    /// Keeps a connection; those beyond `most` that have waited longest are closed.
    void put(const std::string& authority, boost::asio::ip::tcp::socket socket, std::size_t most);

private:
    struct Idle {
        boost::asio::ip::tcp::socket socket;
        std::chrono::steady_clock::time_point since;
    };

    void shutdown() override { idle_.clear(); }

    std::map<std::string, std::vector<Idle>> idle_;
};

}  // namespace web::client
