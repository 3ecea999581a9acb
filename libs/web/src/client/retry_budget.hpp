// How many retries a client may afford: a share of its calls, so that retries cannot multiply the
// load on a peer that is failing because of load.
#pragma once

#include <algorithm>
#include <atomic>

namespace web::client {

/// A token bucket that time does not fill, but calls do: each puts in `ratio`, a retry takes out 1.
/// It starts full, with `reserve`, and holds no more. Thread-safe.
class RetryBudget {
public:
    RetryBudget(double ratio, double reserve)
        : ratio_(ratio), reserve_(reserve), tokens_(reserve) {}

    void count_call() noexcept {
        auto tokens = tokens_.load();
        // Nearly always full, and then no thread disturbs another.
        while (tokens < reserve_ &&
               !tokens_.compare_exchange_weak(tokens, std::min(tokens + ratio_, reserve_))) {
        }
    }
    /// Whether there is a retry to be had; if so it is taken.
    [[nodiscard]] bool take() noexcept {
        auto tokens = tokens_.load();
        do {
            if (tokens < 1) return false;
        } while (!tokens_.compare_exchange_weak(tokens, tokens - 1));
        return true;
    }

private:
    const double ratio_;
    const double reserve_;
    std::atomic<double> tokens_;
};

}  // namespace web::client
