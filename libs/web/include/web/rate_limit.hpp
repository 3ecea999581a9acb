// Middleware that bounds how many requests a client may send.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <web/client_address.hpp>
#include <web/middleware.hpp>

namespace web {

struct RateLimitConfig {
    double per_second = 10;  ///< how fast a client's allowance grows back
    double burst = 20;       ///< the most that it can hold, at least 1
    /// Proxies whose X-Forwarded-For is believed, see TrustedProxies.
    std::vector<std::string> trusted_proxies;
    /// Clients that are remembered; beyond that the one that has been silent longest is forgotten
    /// and starts anew. A client takes about 200 bytes.
    std::size_t max_clients = 10'000;
    /// Templates of routes without a limit: whoever watches the service has to get through.
    std::vector<std::string> exempt_routes = {"/health", "/ready", "/metrics"};
    std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
};

/// A token bucket for each client, an IPv4 address or an IPv6 /64 (what a subscriber has). Without
/// a token the answer is 429 with Retry-After. Every answer carries RateLimit-Policy and RateLimit
/// (draft-ietf-httpapi-ratelimit-headers). Each process counts for itself.
class RateLimit final : public Middleware {
public:
    /// Throws std::invalid_argument for limits that make no sense, base::ConfigError for a proxy.
    explicit RateLimit(RateLimitConfig config);
    ~RateLimit() override;

    [[nodiscard]] base::Task<Response> handle(Exchange& exchange, const Route& route,
                                              Next next) override;
    [[nodiscard]] bool applies_to(const Route& route) const override;
    void document(Operation& operation, schema::Components& components) const override;

private:
    class Buckets;
    void describe(Response& response, double tokens) const;

    RateLimitConfig config_;
    TrustedProxies proxies_;
    std::string policy_;  // the value of RateLimit-Policy
    std::unique_ptr<Buckets> buckets_;
};

}  // namespace web
