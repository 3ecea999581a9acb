#include "client/call.hpp"

#include <array>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <base/use_task.hpp>

#include "client/response_parser.hpp"

namespace web::client {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 16UL * 1024;

// The result of a look-up that nobody may be waiting for any more.
struct Lookup {
    explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}

    tcp::resolver resolver;
    asio::steady_timer done;
    std::optional<error_code> error;
    std::vector<tcp::endpoint> endpoints;
};

}  // namespace

struct Call::Transport {
    explicit Transport(const asio::any_io_executor& executor) : socket(executor), timer(executor) {}

    tcp::socket socket;
    asio::steady_timer timer;
    bool expired = false;
};

Call::Call(asio::any_io_executor executor, const Address& address, IdleConnections& idle,
           std::chrono::milliseconds timeout)
    : executor_(std::move(executor)),
      address_(address),
      idle_(idle),
      deadline_(std::chrono::steady_clock::now() + timeout),
      transport_(std::make_shared<Transport>(executor_)) {
    transport_->timer.expires_at(deadline_);
    transport_->timer.async_wait([weak = std::weak_ptr(transport_)](error_code error) {
        const auto transport = weak.lock();
        if (error || !transport) return;
        transport->expired = true;
        transport->socket.close(error);  // ends whatever waits on it
    });
}

base::Task<Call::Outcome> Call::attempt(Outgoing request, bool may_reuse) {
    std::optional<tcp::socket> kept;
    if (may_reuse) kept = idle_.take();
    const bool reused = kept.has_value();
    if (reused) {
        transport_->socket = *std::move(kept);
    } else {
        auto problem = co_await connect();
        if (!problem.empty()) co_return Failure{std::move(problem)};
    }
    co_return co_await exchange(request, reused);
}

base::Task<std::variant<Call::Endpoints, Failure>> Call::resolve() {
    error_code error;
    const auto numeric = asio::ip::make_address(address_.host, error);
    if (!error) {
        co_return Endpoints{{numeric, address_.port}};
    }
    // A look-up blocks its own thread and cannot be cancelled (getaddrinfo). At the deadline we
    // abandon it, and it ends later.
    auto lookup = std::make_shared<Lookup>(executor_);
    lookup->done.expires_at(deadline_);
    lookup->resolver.async_resolve(
        address_.host, std::to_string(address_.port),
        [lookup](const error_code& result, const tcp::resolver::results_type& found) {
            lookup->error = result;
            for (const auto& entry : found)
                lookup->endpoints.push_back(entry.endpoint());
            lookup->done.cancel();
        });
    co_await lookup->done.async_wait(base::use_task);
    if (!lookup->error) co_return Failure{"the deadline passed while looking up the host"};
    if (*lookup->error) {
        co_return Failure{fmt::format("cannot look up the host: {}", lookup->error->message())};
    }
    co_return std::move(lookup->endpoints);
}

base::Task<std::string> Call::connect() {
    auto resolved = co_await resolve();
    if (auto* failure = std::get_if<Failure>(&resolved)) co_return std::move(failure->what);
    auto& socket = transport_->socket;
    error_code failure = asio::error::host_not_found;
    for (const auto& endpoint : std::get<Endpoints>(resolved)) {
        if (transport_->expired) break;
        error_code ignored;
        socket.close(ignored);
        const auto [error] = co_await socket.async_connect(endpoint, base::use_task);
        if (!error) {
            socket.set_option(tcp::no_delay(true), ignored);
            co_return "";
        }
        failure = error;
    }
    co_return explain("cannot connect", failure);
}

base::Task<Call::Outcome> Call::exchange(Outgoing request, bool reused) {
    auto& socket = transport_->socket;
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(request.head),
                                                    asio::buffer(request.body)};
    const auto [write_error, written] = co_await asio::async_write(socket, buffers, base::use_task);

    // Read even if that failed: a server that refuses a request early answers and closes.
    ResponseParser parser(request.max_response_bytes, request.is_head_method);
    std::string input;  // bytes that the parser has not taken in yet
    error_code error;
    while (!parser.done() && !parser.failure()) {
        const auto waiting = input.size();
        input.resize(waiting + kReadBytes);
        std::size_t size = 0;
        std::tie(error, size) = co_await socket.async_read_some(
            asio::buffer(input.data() + waiting, kReadBytes), base::use_task);
        input.resize(waiting + size);
        if (error && !(error == asio::error::eof && parser.started())) break;
        if (error) {
            parser.put_eof();
        } else {
            input.erase(0, parser.put(input));
        }
    }
    if (parser.done()) {
        if (!error && !write_error && input.empty() && parser.keep_alive() && socket.is_open()) {
            idle_.put(std::move(socket));
        }
        co_return parser.take();
    }
    if (transport_->expired) co_return Failure{explain("no complete response", error)};
    if (parser.failure()) co_return Failure{*parser.failure()};
    const bool stale = reused && !parser.started();
    if (write_error) co_return Failure{explain("cannot send the request", write_error), stale};
    co_return Failure{explain("no response", error), stale};
}

std::string Call::explain(std::string_view what, const error_code& error) const {
    if (transport_->expired) return fmt::format("{}: the deadline passed", what);
    if (error == asio::error::eof) return fmt::format("{}: the peer closed the connection", what);
    return fmt::format("{}: {}", what, error.message());
}

}  // namespace web::client
