// How many retries a client may afford: a share of its calls, so that retries cannot multiply the
// load on a peer that is failing because of load.
#pragma once

#include <algorithm>
#include <mutex>

namespace web::client {

/// A token bucket that time does not fill, but calls do: each puts in `ratio`, a retry takes out 1.
/// It starts full, with `reserve`, and holds no more. Thread-safe.
class RetryBudget {
public:
    RetryBudget(double ratio, double reserve)
        : ratio_(ratio), reserve_(reserve), tokens_(reserve) {}

    void count_call() {
        const std::lock_guard lock(mutex_);
        tokens_ = std::min(tokens_ + ratio_, reserve_);
    }
    /// Whether there is a retry to be had; if so it is taken.
    [[nodiscard]] bool take() {
        const std::lock_guard lock(mutex_);
        if (tokens_ < 1) return false;
        tokens_ -= 1;
        return true;
    }

private:
    const double ratio_;
    const double reserve_;
    std::mutex mutex_;
    double tokens_;
};

}  // namespace web::client
