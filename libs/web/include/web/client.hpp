// An HTTP/1.1 client for calls to other services: keep-alive, a deadline for each call, retries
// within a budget, a circuit breaker, and the current request's trace context passed on (W3C
// traceparent).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <base/errors.hpp>
#include <base/task.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace boost::asio {
class io_context;
}

namespace web {

/// Retries calls of idempotent methods (RFC 9110, 9.2.2) that got no answer or a 503, as long as
/// their deadline allows. Off unless attempts > 1: callers may retry too, and retries at every
/// level multiply.
struct RetryPolicy {
    int attempts = 1;  ///< of one call, the first included
    /// Over time at most this share of the calls is repeated, plus `reserve` in a burst: a peer
    /// that fails under load gets at most that much more.
    double budget_ratio = 0.2;
    double budget_reserve = 10;
    /// The n-th retry waits a random time up to first_pause * 2^(n-1), so that clients do not come
    /// back all at once; at least a 503's Retry-After, if it says one in seconds.
    std::chrono::milliseconds first_pause{50};
    std::chrono::milliseconds longest_pause{1'000};
};

/// After `failures` calls in a row without an answer, or with a 502, 503 or 504, calls fail at once
/// for `open_for`; then one is let through to see whether the peer is back. 0: no breaker.
struct BreakerPolicy {
    int failures = 0;
    std::chrono::milliseconds open_for{5'000};
};

enum class BreakerState { kClosed, kOpen, kHalfOpen };

/// How one call went, for metrics; within the caller's trace context.
struct CallReport {
    Method method = Method::kGet;
    std::string_view host;                           ///< host and port of the base_url
    int status = 0;                                  ///< 0: there was no answer
    std::string_view failure;                        ///< why; "" for an answer
    int attempts = 0;                                ///< 0: the circuit breaker let none through
    std::chrono::steady_clock::duration duration{};  ///< pauses included
};

struct ClientConfig {
    /// "http://host[:port][/prefix]"; targets are appended to it. Only http: TLS ends at the
    /// gateway.
    std::string base_url;
    /// For one call, from connecting to the last byte, retries and pauses included.
    std::chrono::milliseconds timeout{5'000};
    std::size_t max_response_bytes = 16UL * 1024 * 1024;
    std::size_t max_idle_connections = 8;  ///< kept for reuse, for each thread
    RetryPolicy retry{};
    BreakerPolicy breaker{};
    /// Called after each call, on its thread; must not throw. Empty: nobody is told.
    std::function<void(const CallReport&)> on_call{};
};

/// Options of one call.
struct CallOptions {
    std::optional<std::chrono::milliseconds> timeout{};  ///< instead of the client's
};

/// Counts since the client was made.
struct ClientStats {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;         ///< calls that ended in a ClientError, rejections included
    std::uint64_t retries = 0;          ///< attempts beyond the first
    std::uint64_t retries_refused = 0;  ///< that the budget did not allow
    std::uint64_t rejections = 0;       ///< calls that the open circuit breaker failed
    BreakerState breaker = BreakerState::kClosed;
};

/// No answer: connecting failed, the deadline passed, the peer broke off, or the circuit breaker is
/// open. A response of any status is an answer and no error. What the peer has done is unknown
/// (base::Outcome), unless the method is safe or the circuit breaker was open.
class ClientError : public base::Unavailable {
    using base::Unavailable::Unavailable;
};

/// Connections are kept for each io_context, which is run by one thread; budget and breaker are
/// shared by all threads. Calls come from coroutines that run on one of the io_contexts; from
/// anywhere else they throw std::logic_error. A Client outlives its calls, and is destroyed before
/// its io_contexts.
class Client {
public:
    /// Throws base::ConfigError for a base_url that cannot be used.
    Client(ClientConfig config, std::span<boost::asio::io_context* const> contexts);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends the request and awaits the whole response. A request on a reused connection that the
    /// peer had closed is sent once more on a new one if its method is idempotent (RFC
    /// 9110, 9.2.2), outside of RetryPolicy. Host, Content-Length and, within a traced request,
    /// traceparent are set here; redirects are not followed. Throws ClientError that names method,
    /// host, port, path and what failed; std::invalid_argument for a target or header that is
    /// malformed, which is a bug of the caller.
    [[nodiscard]] base::Task<Response> send(Request request, CallOptions options = {});
    [[nodiscard]] base::Task<Response> get(std::string target, CallOptions options = {});

    /// Thread-safe.
    [[nodiscard]] ClientStats stats() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace web
