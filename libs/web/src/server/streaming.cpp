// Responses whose bodies are created while they are sent: chunks (RFC 9112, 7.1), or in HTTP/1.0
// bytes up to the end of the connection.
#include <cerrno>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>

#include <telemetry/log.hpp>

#include "server/connection.hpp"

namespace web::server {

using boost::system::error_code;

// Links the handler of a pending wait to its connection, which may have ended before the handler
// runs.
struct Connection::Watch {
    Connection* connection;
};

base::Task<bool> Connection::write_stream(std::string head, BodyStream& stream, bool chunked) {
    stream_ = &stream;
    if (worker_->draining()) stream.stop();
    const bool written = co_await write_pieces(std::move(head), stream, chunked);
    stream_ = nullptr;
    if (!written) stream.stop();
    if (watch_) {
        std::exchange(watch_, nullptr)->connection = nullptr;
        error_code ignored;
        socket_.cancel(ignored);
    }
    co_return written;
}

base::Task<bool> Connection::write_pieces(std::string head, BodyStream& stream, bool chunked) {
    // The head goes out before the first piece is there, which may take long.
    if (!co_await write(head, {})) co_return false;
    bool failed = false;
    while (!dropped_ && !peer_gone_) {
        auto piece = co_await next_piece(stream, failed);
        if (dropped_ || peer_gone_) break;
        if (failed) {
            // In HTTP/1.0 only a reset tells a broken body from a complete one.
            error_code ignored;
            if (!chunked) socket_.set_option(Socket::linger(true, 0), ignored);
            socket_.close(ignored);
            break;
        }
        if (!piece) co_return !chunked || co_await write("0\r\n\r\n", {});
        if (piece->empty()) continue;  // as a chunk it would end the body
        std::string size_line;
        if (chunked) {
            size_line = fmt::format("{:x}\r\n", piece->size());
            piece->append("\r\n");
        }
        if (!co_await write(size_line, *piece)) break;
    }
    co_return false;
}

base::Task<std::optional<std::string>> Connection::next_piece(BodyStream& stream, bool& failed) {
    enter(Phase::kStreaming, std::chrono::milliseconds::max());
    watch_peer();
    std::string failure = "exception that is not a std::exception";
    try {
        co_return co_await stream.next();
    } catch (const std::exception& exception) {
        failure = exception.what();
    } catch (...) {  // NOLINT(bugprone-empty-catch): logged below
    }
    failed = true;
    telemetry::log::error("response aborted", {{"error", failure}});
    co_return std::nullopt;
}

void Connection::watch_peer() {
    // A client that sends on and on, and reads no answer, waits in the kernel's buffer from here.
    if (watch_ || input_.view().size() >= worker_->config().max_header_bytes) return;
    watch_ = std::make_shared<Watch>(Watch{this});
    socket_.async_wait(Socket::wait_read, [watch = watch_](error_code error) {
        auto* connection = watch->connection;
        if (connection == nullptr) return;
        connection->watch_.reset();
        if (!error) connection->on_readable();
    });
}

void Connection::on_readable() {
    const auto space = input_.prepare(InputBuffer::kSmall);
    const auto size = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
    if (size > 0) input_.commit(static_cast<std::size_t>(size));  // its next request
    const bool nothing_yet = size < 0 && (errno == EAGAIN || errno == EINTR);
    if (size > 0 || nothing_yet) {
        watch_peer();
        return;
    }
    peer_gone_ = true;
    if (stream_ != nullptr) stream_->stop();
}

}  // namespace web::server
