#include <chrono>
#include <utility>
#include <variant>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <base/context.hpp>
#include <web/client.hpp>

#include "client/address.hpp"
#include "client/call.hpp"
#include "client/request_head.hpp"

namespace web {
namespace {

// RFC 9110, 9.2.2: sending it twice has the effect of sending it once.
bool is_idempotent(Method method) {
    return method != Method::kPost && method != Method::kPatch;
}

}  // namespace

class Client::Impl {
public:
    explicit Impl(ClientConfig config)
        : config_(std::move(config)), address_(client::parse_address(config_.base_url)) {}

    base::Task<Response> send(Request request) {
        const base::ContextKeeper keeper;
        const auto head = client::request_head(request, address_);
        const client::Wire wire{.head = head,
                                .body = request.body,
                                .is_head_method = request.method == Method::kHead,
                                .max_response_bytes = config_.max_response_bytes,
                                .max_idle_connections = config_.max_idle_connections};
        client::Call call(co_await boost::asio::this_coro::executor, address_, config_.timeout);
        auto outcome = co_await call.attempt(wire, true);
        if (const auto* failure = std::get_if<client::Failure>(&outcome);
            failure != nullptr && failure->stale_connection && is_idempotent(request.method)) {
            outcome = co_await call.attempt(wire, false);
        }
        keeper.restore();
        if (const auto* failure = std::get_if<client::Failure>(&outcome)) {
            throw ClientError(fmt::format("{} http://{}{}{}: {}", to_string(request.method),
                                          address_.authority, address_.prefix, request.path(),
                                          failure->what));
        }
        co_return std::get<Response>(std::move(outcome));
    }

private:
    ClientConfig config_;
    client::Address address_;
};

Client::Client(ClientConfig config) : impl_(std::make_unique<Impl>(std::move(config))) {}

Client::~Client() = default;

base::Task<Response> Client::send(Request request) {
    return impl_->send(std::move(request));
}

base::Task<Response> Client::get(std::string target) {
    Request request;
    request.target = std::move(target);
    return impl_->send(std::move(request));
}

}  // namespace web
