#include "server/connection.hpp"

#include <array>
#include <exception>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>

#include <base/use_task.hpp>
#include <telemetry/log.hpp>

namespace web::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// If we close while a client still sends, its kernel discards our answer (RFC 9112, 9.6). So the
// client may finish, within bounds.
constexpr std::chrono::milliseconds kLingerTime(5'000);
constexpr std::size_t kLingerBytes = 16UL * 1024 * 1024;
constexpr std::size_t kBigRead = 16UL * 1024;

// During a drain, a new client has this long for its first request, and an answered client for the
// end of its data.
constexpr std::chrono::milliseconds kDrainGrace(250);

bool asks_to_close(const Response& response) {
    const auto connection = response.headers.find("Connection");
    return connection && iequals(*connection, "close");
}

}  // namespace

Connection::Connection(std::shared_ptr<Worker> worker, Socket socket, std::string remote_address)
    : worker_(std::move(worker)),
      socket_(std::move(socket)),
      remote_address_(std::move(remote_address)) {
    worker_->add(*this);
}

Connection::~Connection() {
    unlink();
    release_large_body();
    worker_->release_place();
}

base::Task<> Connection::serve(std::unique_ptr<Connection> self) {
    while (co_await self->serve_request()) {
    }
    if (self->linger_ && !self->dropped_) co_await self->linger();
}

base::Task<bool> Connection::serve_request() {
    RequestParser parser({.header_bytes = worker_->config().max_header_bytes,
                          .body_bytes = worker_->config().max_body_bytes,
                          .larger_body = [this](const auto& head) { return larger_body(head); }});
    if (!co_await read_request(parser)) co_return false;

    Framing framing{.method = parser.method(), .http_1_0 = parser.http_1_0()};
    Response response;
    if (parser.refusal()) {
        enter(Phase::kHandling, std::chrono::milliseconds::max());
        response = worker_->handler().refuse(parser.refusal()->status, parser.refusal()->detail);
        framing.keep_alive = false;
        linger_ = true;
    } else {
        enter(Phase::kHandling, std::chrono::milliseconds::max());
        auto request = parser.take();
        request.remote_address = remote_address_;
        response = co_await handle(std::move(request));
        framing.keep_alive =
            parser.wants_keep_alive() && !asks_to_close(response) && !worker_->draining();
        // A client that asked for the end has sent all it will, unless more is here already.
        linger_ = parser.wants_keep_alive() || !input_.empty();
    }
    release_large_body();
    served_any_ = true;
    if (dropped_) co_return false;

    // Without chunks only the end of the connection tells where a stream ends.
    if (response.stream && framing.http_1_0) framing.keep_alive = false;
    auto head = head_of(response, framing);
    const bool with_body = sends_body(response, framing.method);
    bool written = false;
    if (response.stream && with_body) {
        written = co_await write_stream(std::move(head), *response.stream, !framing.http_1_0);
        framing.keep_alive = framing.keep_alive && !worker_->draining();
    } else {
        const std::string_view body = with_body ? std::string_view(response.content()) : "";
        written = co_await write(head, body);
    }
    linger_ = linger_ && written;
    co_return (written && framing.keep_alive);
}

base::Task<bool> Connection::read_request(RequestParser& parser) {
    const auto& config = worker_->config();
    input_.shrink();
    linger_ = false;
    enter(Phase::kIdle, worker_->draining() ? kDrainGrace
                        : served_any_       ? config.idle_timeout
                                            : config.header_timeout);
    bool continued = false;
    for (;;) {
        if (!input_.empty()) input_.consume(parser.put(input_.view()));
        if (parser.done() || parser.refusal()) co_return true;
        follow(parser);
        if (parser.expects_continue() && !continued && input_.empty()) {
            continued = true;
            const auto phase = std::exchange(phase_, Phase::kWriting);
            const auto deadline = deadline_;
            if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return false;
            phase_ = phase;
            deadline_ = deadline;
        }
        const auto space = input_.prepare(parser.body_is_large() ? kBigRead : InputBuffer::kSmall);
        const auto [error, size] = co_await socket_.async_read_some(
            asio::buffer(space.data(), space.size()), base::use_task);
        input_.commit(size);
        if (error && !survives(error, parser)) co_return parser.refusal().has_value();
    }
}

bool Connection::survives(error_code error, RequestParser& parser) {
    const bool expired = std::exchange(expired_, false);
    if (dropped_) return false;
    if (error == asio::error::operation_aborted) {
        if (phase_ == Phase::kIdle) {
            if (expired && !worker_->draining()) return false;
            // Draining: a request that has already reached this machine is still served.
            error_code ignored;
            return socket_.available(ignored) > 0;
        }
        if (expired) {
            parser.refuse(408, phase_ == Phase::kHeader ? "The request header took too long."
                                                        : "The request body took too long.");
        }
        return !expired;
    }
    if (error == asio::error::eof && phase_ != Phase::kIdle) {
        parser.refuse(400, "The connection was closed in the middle of the request.");
    }
    return false;
}

void Connection::follow(const RequestParser& parser) {
    const auto& config = worker_->config();
    if (phase_ == Phase::kIdle && parser.started()) {
        enter(Phase::kHeader, config.header_timeout);
    }
    if (phase_ == Phase::kHeader && parser.header_done()) {
        body_mark_ = config.max_body_bytes;
        enter(Phase::kBody, config.body_timeout);
    }
    // A large body may take as many times as long, but not stop.
    if (phase_ == Phase::kBody && parser.body_bytes() > body_mark_) {
        body_mark_ += config.max_body_bytes;
        enter(Phase::kBody, config.body_timeout);
    }
}

std::variant<std::size_t, Refusal> Connection::larger_body(const Request& request) {
    const auto usual = worker_->config().max_body_bytes;
    const auto limit = worker_->handler().max_body_bytes(request).value_or(usual);
    if (limit <= usual) return usual;
    if (!worker_->take_large_body()) {
        return Refusal{503, "Too many large requests are under way. Try again shortly."};
    }
    has_large_body_ = true;
    return limit;
}

void Connection::release_large_body() noexcept {
    if (std::exchange(has_large_body_, false)) worker_->release_large_body();
}

base::Task<Response> Connection::handle(Request request) {
    Response response;
    std::string failure;
    try {
        response = co_await worker_->handler().handle(std::move(request));
    } catch (const std::exception& exception) {
        failure = exception.what();
        if (failure.empty()) failure = "exception without a message";
    } catch (...) {
        failure = "exception that is no std::exception";
    }
    if (!failure.empty()) response = internal_error(failure);
    co_return response;
}

Response Connection::internal_error(std::string_view cause) {
    telemetry::log::error("request handler failed", {{"error", cause}});
    return worker_->handler().refuse(500, "The server met an unexpected condition.");
}

std::string Connection::head_of(Response& response, const Framing& framing) {
    try {
        return response_head(response, framing);
    } catch (const std::invalid_argument& error) {
        response = internal_error(error.what());
    }
    return response_head(response, framing);
}

base::Task<bool> Connection::write(std::string_view head, std::string_view body) {
    while (!head.empty() || !body.empty()) {
        // The limit is for each piece, because a slow reader of a large response is not a dead one.
        enter(Phase::kWriting, worker_->config().write_timeout);
        const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
        const auto [error, size] = co_await socket_.async_write_some(buffers, base::use_task);
        if (error) co_return false;
        const auto from_head = std::min(size, head.size());
        head.remove_prefix(from_head);
        body.remove_prefix(size - from_head);
    }
    co_return true;
}

base::Task<> Connection::linger() {
    error_code refused;
    socket_.shutdown(Socket::shutdown_send, refused);
    if (refused) co_return;
    enter(Phase::kLingering, worker_->draining() ? kDrainGrace : kLingerTime);
    input_.consume(input_.view().size());
    for (std::size_t total = 0; total < kLingerBytes;) {
        const auto space = input_.prepare(kBigRead);
        const auto [error, size] = co_await socket_.async_read_some(
            asio::buffer(space.data(), space.size()), base::use_task);
        if (error) break;
        total += size;
    }
}

void Connection::enter(Phase phase, std::chrono::milliseconds limit) {
    phase_ = phase;
    expired_ = false;
    deadline_ =
        limit == std::chrono::milliseconds::max() ? Clock::time_point::max() : Clock::now() + limit;
}

void Connection::expire(Clock::time_point now) {
    if (now < deadline_) return;
    // The deadline stays: should the operation have completed just now, the next one that runs
    // into it is cancelled by the next tick.
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void Connection::begin_drain() {
    if (stream_ != nullptr) stream_->stop();
    if (phase_ == Phase::kLingering || (phase_ == Phase::kIdle && !served_any_)) {
        deadline_ = std::min(deadline_, Clock::now() + kDrainGrace);
    } else if (phase_ == Phase::kIdle) {
        error_code ignored;
        socket_.cancel(ignored);
    }
}

bool Connection::drop() {
    const bool in_flight = phase_ != Phase::kIdle && phase_ != Phase::kLingering;
    dropped_ = true;
    if (stream_ != nullptr) stream_->stop();
    error_code ignored;
    socket_.close(ignored);
    return in_flight;
}

}  // namespace web::server
