#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <random>
#include <utility>
#include <variant>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <base/per_thread.hpp>
#include <base/use_task.hpp>
#include <web/client.hpp>

#include "client/address.hpp"
#include "client/call.hpp"
#include "client/circuit_breaker.hpp"
#include "client/request_head.hpp"
#include "client/retry_budget.hpp"
#include "spans.hpp"

namespace web {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Outcome = client::Call::Outcome;

// RFC 9110, 9.2.2: sending it twice has the effect of sending it once.
bool is_idempotent(Method method) {
    return method != Method::kPost && method != Method::kPatch;
}

// The peer, or what it depends on, is in trouble; any other answer shows that it is there.
bool is_healthy(const Outcome& outcome) {
    const auto* response = std::get_if<Response>(&outcome);
    return response != nullptr && response->status != 502 && response->status != 503 &&
           response->status != 504;
}

bool is_worth_a_retry(const Outcome& outcome) {
    const auto* response = std::get_if<Response>(&outcome);
    return response == nullptr || response->status == 503;
}

// The seconds of a 503's Retry-After (RFC 9110, 10.2.3); 0 without one, or for a date.
std::chrono::seconds retry_after(const Outcome& outcome) {
    const auto* response = std::get_if<Response>(&outcome);
    const auto text = response == nullptr ? std::nullopt : response->headers.find("Retry-After");
    std::uint32_t seconds = 0;
    if (text) std::from_chars(text->data(), text->data() + text->size(), seconds);
    return std::chrono::seconds(seconds);
}

milliseconds random_pause(const RetryPolicy& policy, int retry) {
    thread_local std::minstd_rand random{std::random_device{}()};
    constexpr int kMaxDoublings = 16;
    const auto longest = std::min(policy.first_pause * (1 << std::min(retry - 1, kMaxDoublings)),
                                  policy.longest_pause);
    return milliseconds(
        std::uniform_int_distribution<milliseconds::rep>(0, longest.count())(random));
}

}  // namespace

class Client::Impl {
public:
    Impl(ClientConfig config, std::span<asio::io_context* const> contexts)
        : config_(std::move(config)),
          address_(client::parse_address(config_.base_url)),
          budget_(config_.retry.budget_ratio, config_.retry.budget_reserve),
          breaker_(config_.breaker),
          idle_(contexts, [this](asio::io_context&) {
              return client::IdleConnections(config_.max_idle_connections);
          }) {}

    base::Task<Response> send(Request request, CallOptions options) {
        const auto start = Clock::now();
        CallSpan span(request.method, request.path(), address_);
        const auto head = client::request_head(request, address_, span.context());
        ++calls_;
        budget_.count_call();
        int attempts = 0;
        auto outcome = co_await attempt_all(request, head,
                                            options.timeout.value_or(config_.timeout), attempts);
        const auto* failure = std::get_if<client::Failure>(&outcome);
        if (failure != nullptr) ++failures_;
        span.end(failure == nullptr ? std::get<Response>(outcome).status : 0, attempts);
        if (config_.on_call) {
            config_.on_call({.method = request.method,
                             .host = address_.authority,
                             .status = failure == nullptr ? std::get<Response>(outcome).status : 0,
                             .failure = failure == nullptr ? std::string_view() : failure->what,
                             .attempts = attempts,
                             .duration = Clock::now() - start});
        }
        if (failure != nullptr) {
            const bool nothing_done = attempts == 0 || is_safe(request.method);
            throw ClientError(
                fmt::format("{} http://{}{}{}: {}", to_string(request.method), address_.authority,
                            address_.prefix, request.path(), failure->what),
                nothing_done ? base::Outcome::kNotDone : base::Outcome::kUnknown);
        }
        co_return std::get<Response>(std::move(outcome));
    }

    [[nodiscard]] ClientStats stats() const {
        return {.calls = calls_,
                .failures = failures_,
                .retries = retries_,
                .retries_refused = retries_refused_,
                .rejections = rejections_,
                .breaker = breaker_.state()};
    }

private:
    base::Task<Outcome> attempt_all(const Request& request, const std::string& head,
                                    milliseconds timeout, int& attempts) {
        const auto deadline = Clock::now() + timeout;
        const auto executor = co_await asio::this_coro::executor;
        client::Call call(executor, address_, idle_.here(), timeout);
        Outcome outcome = client::Failure{"the circuit breaker is open after repeated failures"};
        for (;;) {
            auto permit = breaker_.ask();
            if (!permit) {
                if (attempts == 0) ++rejections_;
                co_return outcome;
            }
            ++attempts;
            outcome = co_await attempt(call, request, head);
            permit.report(is_healthy(outcome));
            if (attempts >= config_.retry.attempts || !is_idempotent(request.method) ||
                !is_worth_a_retry(outcome)) {
                co_return outcome;
            }
            const auto pause =
                std::max<milliseconds>(random_pause(config_.retry, attempts), retry_after(outcome));
            // The retry could not finish before the deadline, so return what we have.
            if (Clock::now() + pause >= deadline) co_return outcome;
            if (!budget_.take()) {
                ++retries_refused_;
                co_return outcome;
            }
            ++retries_;
            asio::steady_timer timer(executor, pause);
            co_await timer.async_wait(base::use_task);
        }
    }

    base::Task<Outcome> attempt(client::Call& call, const Request& request,
                                const std::string& head) {
        const client::Outgoing outgoing{.head = head,
                                        .body = request.body,
                                        .is_head_method = request.method == Method::kHead,
                                        .max_response_bytes = config_.max_response_bytes};
        auto outcome = co_await call.attempt(outgoing, true);
        const auto* failure = std::get_if<client::Failure>(&outcome);
        if (failure != nullptr && failure->stale_connection && is_idempotent(request.method)) {
            outcome = co_await call.attempt(outgoing, false);
        }
        co_return outcome;
    }

    ClientConfig config_;
    client::Address address_;
    client::RetryBudget budget_;
    client::CircuitBreaker breaker_;
    base::PerThread<client::IdleConnections> idle_;
    std::atomic<std::uint64_t> calls_{0};
    std::atomic<std::uint64_t> failures_{0};
    std::atomic<std::uint64_t> retries_{0};
    std::atomic<std::uint64_t> retries_refused_{0};
    std::atomic<std::uint64_t> rejections_{0};
};

Client::Client(ClientConfig config, std::span<asio::io_context* const> contexts)
    : impl_(std::make_unique<Impl>(std::move(config), contexts)) {}

Client::~Client() = default;

base::Task<Response> Client::send(Request request, CallOptions options) {
    return impl_->send(std::move(request), options);
}

base::Task<Response> Client::get(std::string target, CallOptions options) {
    Request request;
    request.target = std::move(target);
    return impl_->send(std::move(request), options);
}

ClientStats Client::stats() const {
    return impl_->stats();
}

}  // namespace web
