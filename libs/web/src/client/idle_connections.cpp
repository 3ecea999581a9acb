#include "client/idle_connections.hpp"

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace web::client {
namespace {

// Less than most servers grant an idle connection (ours 75 s), so that a call seldom meets one
// that is just being closed.
constexpr std::chrono::seconds kMaxIdle(55);

// Nothing to read, and not the end either. Bytes that nobody asked for make a connection unusable.
bool is_open(boost::asio::ip::tcp::socket& socket) {
    char byte = 0;
    const auto size = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

boost::asio::execution_context::id IdleConnections::id;

std::optional<boost::asio::ip::tcp::socket> IdleConnections::take(const std::string& authority) {
    auto& idle = idle_[authority];
    const auto now = std::chrono::steady_clock::now();
    while (!idle.empty()) {
        auto last = std::move(idle.back());
        idle.pop_back();
        if (now - last.since < kMaxIdle && is_open(last.socket)) return std::move(last.socket);
    }
    return std::nullopt;
}

void IdleConnections::put(const std::string& authority, boost::asio::ip::tcp::socket socket,
                          std::size_t most) {
    auto& idle = idle_[authority];
    idle.push_back({std::move(socket), std::chrono::steady_clock::now()});
    while (idle.size() > most)
        idle.erase(idle.begin());
}

}  // namespace web::client
