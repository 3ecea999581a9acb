// How long to wait before the next attempt to connect.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace postgres {

/// Doubles from 50 ms to 1 s. The jitter takes away up to half, so that the connections of many
/// threads and replicas do not all knock at the moment when the database returns.
class Backoff {
public:
    static constexpr std::chrono::milliseconds kFirst{50};
    static constexpr std::chrono::milliseconds kLongest{1000};

    [[nodiscard]] std::chrono::milliseconds next() {
        std::uniform_real_distribution<double> jitter(0.5, 1.0);
        const auto delay = std::chrono::duration<double, std::milli>(ceiling_) * jitter(random_);
        ceiling_ = std::min(ceiling_ * 2, kLongest);
        return std::chrono::duration_cast<std::chrono::milliseconds>(delay);
    }
    void reset() noexcept { ceiling_ = kFirst; }

private:
    std::chrono::milliseconds ceiling_ = kFirst;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace postgres
