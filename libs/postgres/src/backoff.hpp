// How long to wait before the next attempt.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace postgres {

/// Doubles from the first to the longest delay. The jitter takes away up to half, so that the
/// connections of many threads and replicas do not all knock at the moment when the database
/// returns.
class Backoff {
public:
    static constexpr std::chrono::milliseconds kFirst{50};
    static constexpr std::chrono::milliseconds kLongest{1000};

    explicit Backoff(std::chrono::milliseconds first = kFirst,
                     std::chrono::milliseconds longest = kLongest)
        : first_(first), longest_(longest) {}

    [[nodiscard]] std::chrono::milliseconds next() {
        std::uniform_real_distribution<double> jitter(0.5, 1.0);
        const auto delay = std::chrono::duration<double, std::milli>(ceiling_) * jitter(random_);
        ceiling_ = std::min(ceiling_ * 2, longest_);
        return std::chrono::duration_cast<std::chrono::milliseconds>(delay);
    }
    void reset() noexcept { ceiling_ = first_; }

private:
    std::chrono::milliseconds first_;
    std::chrono::milliseconds longest_;
    std::chrono::milliseconds ceiling_ = first_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace postgres
