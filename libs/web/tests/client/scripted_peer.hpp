// A peer that follows a script, byte by byte, and what it takes to call it.
#pragma once

#include <thread>

#include <web/client.hpp>

#include "../server/server_fixture.hpp"

namespace web::testing {

/// Accepts connections one after another; on each it answers one request for each of its texts,
/// then closes.
class ScriptedPeer {
public:
    explicit ScriptedPeer(std::vector<std::vector<std::string>> connections)
        : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        ::listen(listener_, 8);
        socklen_t size = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this, script = std::move(connections)] {
            for (const auto& answers : script)
                serve(answers);
        });
    }
    ~ScriptedPeer() {
        ::shutdown(listener_, SHUT_RDWR);  // ends an accept() that nobody will satisfy
        thread_.join();
        ::close(listener_);
    }
    ScriptedPeer(const ScriptedPeer&) = delete;
    ScriptedPeer& operator=(const ScriptedPeer&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::atomic<int> requests = 0;

private:
    void serve(const std::vector<std::string>& answers) {
        const int socket = ::accept(listener_, nullptr, nullptr);
        if (socket < 0) return;
        for (const auto& answer : answers) {
            if (!read_request(socket)) break;
            ++requests;
            ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
        ::close(socket);
    }
    static bool read_request(int socket) {
        std::string request;
        char bytes[4096];
        while (request.find("\r\n\r\n") == std::string::npos) {
            const auto size = ::recv(socket, bytes, sizeof bytes, 0);
            if (size <= 0) return false;
            request.append(bytes, static_cast<std::size_t>(size));
        }
        return true;
    }

    int listener_;
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

inline const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

inline Response call(boost::asio::io_context& context, base::Task<Response> task) {
    auto result = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
    context.restart();
    context.run();
    return result.get();
}

}  // namespace web::testing
