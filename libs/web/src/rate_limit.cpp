#include <algorithm>
#include <array>
#include <cmath>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <web/rate_limit.hpp>
#include <web/router.hpp>

namespace web {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

// What shares an allowance. A subscriber has 2^64 IPv6 addresses to choose from.
std::string key_of(const std::string& client) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(client, error);
    if (error || address.is_v4()) return client;
    const auto bytes = address.to_v6().to_bytes();
    return {bytes.begin(), bytes.begin() + 8};
}

// The headers count whole seconds and whole requests, on the safe side.
std::int64_t seconds_up(double seconds) {
    return static_cast<std::int64_t>(std::ceil(seconds));
}

}  // namespace

// The clients that were seen last, spread over parts so that threads seldom meet at a mutex.
class RateLimit::Buckets {
public:
    explicit Buckets(const RateLimitConfig& config)
        : config_(config), capacity_(std::max<std::size_t>(1, config.max_clients / kParts)) {}

    /// Takes a token if there is one. Returns how many there were before.
    double take(std::string key) {
        auto& part = parts_[std::hash<std::string>()(key) % kParts];
        const auto now = config_.clock();
        const std::scoped_lock lock(part.mutex);
        auto& bucket = find(part, std::move(key), now);
        const std::chrono::duration<double> passed = now - bucket.filled;
        bucket.tokens =
            std::min(config_.burst, bucket.tokens + passed.count() * config_.per_second);
        bucket.filled = now;
        const auto before = bucket.tokens;
        if (before >= 1) bucket.tokens -= 1;
        return before;
    }

private:
    static constexpr std::size_t kParts = 16;

    struct Bucket {
        std::string key;
        double tokens;
        TimePoint filled;
    };
    struct Part {
        std::mutex mutex;
        std::list<Bucket> recent;  // the one used last is in front
        std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key;
    };

    Bucket& find(Part& part, std::string key, TimePoint now) const {
        if (const auto found = part.by_key.find(key); found != part.by_key.end()) {
            part.recent.splice(part.recent.begin(), part.recent, found->second);
            return part.recent.front();
        }
        if (part.recent.size() >= capacity_) {
            part.by_key.erase(part.recent.back().key);
            part.recent.pop_back();
        }
        part.recent.push_front({std::move(key), config_.burst, now});
        part.by_key.emplace(part.recent.front().key, part.recent.begin());
        return part.recent.front();
    }

    const RateLimitConfig& config_;
    std::size_t capacity_;
    std::array<Part, kParts> parts_;
};

RateLimit::RateLimit(RateLimitConfig config)
    : config_(std::move(config)), proxies_(config_.trusted_proxies) {
    const bool sensible = config_.per_second > 0 && std::isfinite(config_.per_second) &&
                          config_.burst >= 1 && std::isfinite(config_.burst);
    if (!sensible) throw std::invalid_argument("a rate limit has to allow at least one request");
    policy_ = fmt::format("\"client\";q={};w={}", static_cast<std::int64_t>(config_.burst),
                          seconds_up(config_.burst / config_.per_second));
    buckets_ = std::make_unique<Buckets>(config_);
}

RateLimit::~RateLimit() = default;

bool RateLimit::applies_to(const Route& route) const {
    return std::ranges::find(config_.exempt_routes, route.path) == config_.exempt_routes.end();
}

base::Task<Response> RateLimit::handle(Exchange& exchange, const Route&, Next next) {
    const auto before = buckets_->take(key_of(proxies_.client_of(exchange.request())));
    Response response;
    if (before >= 1) {
        response = co_await next();
        describe(response, before - 1);
    } else {
        const auto wait = seconds_up((1 - before) / config_.per_second);
        response = problem_response({.status = 429,
                                     .detail = "You have sent too many requests; see Retry-After.",
                                     .headers = {{"Retry-After", std::to_string(wait)}}},
                                    exchange.public_path());
        describe(response, before);
    }
    co_return response;
}

void RateLimit::describe(Response& response, double tokens) const {
    response.headers.set("RateLimit-Policy", policy_);
    response.headers.set("RateLimit",
                         fmt::format("\"client\";r={};t={}", static_cast<std::int64_t>(tokens),
                                     seconds_up((config_.burst - tokens) / config_.per_second)));
}

void RateLimit::document(Operation& operation, schema::Components& components) const {
    operation.add_problem(429, components);
    operation.add_header(429, "Retry-After", "Seconds until the next request is served");
}

}  // namespace web
