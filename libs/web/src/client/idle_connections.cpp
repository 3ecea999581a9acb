#include "client/idle_connections.hpp"

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace web::client {
namespace {

// Most servers close an idle connection later (ours after 75 s), so a call seldom meets one that is
// just being closed.
constexpr std::chrono::seconds kMaxIdle(55);

// Nothing to read, and not the end either. Bytes that nobody asked for make a connection unusable.
bool is_open(boost::asio::ip::tcp::socket& socket) {
    char byte = 0;
    const auto size = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

std::optional<boost::asio::ip::tcp::socket> IdleConnections::take() {
    const auto now = std::chrono::steady_clock::now();
    while (!idle_.empty()) {
        auto last = std::move(idle_.back());
        idle_.pop_back();
        if (now - last.since < kMaxIdle && is_open(last.socket)) return std::move(last.socket);
    }
    return std::nullopt;
}

void IdleConnections::put(boost::asio::ip::tcp::socket socket) {
    idle_.push_back({std::move(socket), std::chrono::steady_clock::now()});
    if (idle_.size() > most_) idle_.erase(idle_.begin());
}

}  // namespace web::client
