// One call of a client: a connection, a request, a response, within one deadline.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <base/task.hpp>
#include <web/response.hpp>

#include "client/address.hpp"
#include "client/idle_connections.hpp"

namespace web::client {

struct Failure {
    std::string what;
    /// The peer had closed a connection that was kept from an earlier call, and answered nothing:
    /// most likely it did not see the request.
    bool stale_connection = false;
};

/// One request, ready to be sent, and what its answer may cost. The views outlive the attempt.
struct Outgoing {
    std::string_view head;
    std::string_view body;
    bool is_head_method = false;
    std::size_t max_response_bytes = 0;
};

/// Failures are values: nothing here throws for what a peer or the network does.
class Call {
public:
    using Outcome = std::variant<Response, Failure>;

    /// The deadline runs from here. `idle` belongs to the executor's thread.
    Call(boost::asio::any_io_executor executor, const Address& address, IdleConnections& idle,
         std::chrono::milliseconds timeout);

    /// Sends and awaits the answer, on a kept connection if that is allowed and there is one.
    /// May be called again after a Failure.
    [[nodiscard]] base::Task<Outcome> attempt(Outgoing request, bool may_reuse);

private:
    struct Transport;  // used by the deadline's handler, which may run after the call's end
    using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

    [[nodiscard]] base::Task<std::variant<Endpoints, Failure>> resolve();
    /// An empty text: connected.
    [[nodiscard]] base::Task<std::string> connect();
    [[nodiscard]] base::Task<Outcome> exchange(Outgoing request, bool reused);
    [[nodiscard]] std::string explain(std::string_view what,
                                      const boost::system::error_code& error) const;

    boost::asio::any_io_executor executor_;
    const Address& address_;
    IdleConnections& idle_;
    std::chrono::steady_clock::time_point deadline_;
    std::shared_ptr<Transport> transport_;
};

}  // namespace web::client
