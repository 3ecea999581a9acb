// Waiting for what another thread or process does.
#pragma once

#include <chrono>
#include <concepts>
#include <thread>

namespace test_support {

/// Asks again and again until the condition holds, and yields whether it ever did. The limit is far
/// beyond what a busy machine needs, and only a test that fails waits for so long.
template <std::predicate Condition>
[[nodiscard]] bool eventually(Condition condition) {
    constexpr std::chrono::seconds kLimit(30);
    const auto deadline = std::chrono::steady_clock::now() + kLimit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace test_support
