// Stops calling a peer that keeps failing, and finds out with single calls when it is back.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>

#include <web/client.hpp>

namespace web::client {

/// Closed: calls pass. After `failures` in a row it is open: none passes for `open_for`. Then it is
/// half-open: one call passes as a probe, and its outcome closes or opens it. Thread-safe; takes no
/// lock as long as all calls succeed.
class CircuitBreaker {
public:
    using Clock = std::chrono::steady_clock;

    /// One call's leave to go ahead. Without an outcome (its coroutine was destroyed) it counts for
    /// nothing, but a probe makes way for the next.
    class Permit {
    public:
        Permit(CircuitBreaker* breaker, bool probe) : breaker_(breaker), probe_(probe) {}
        ~Permit() {
            if (breaker_ != nullptr && probe_) breaker_->give_up_probe();
        }
        Permit(const Permit&) = delete;
        Permit& operator=(const Permit&) = delete;

        /// nullptr at the start: the breaker is open.
        explicit operator bool() const noexcept { return breaker_ != nullptr; }
        void report(bool success, Clock::time_point now = Clock::now());

    private:
        CircuitBreaker* breaker_;
        bool probe_;
    };

    explicit CircuitBreaker(BreakerPolicy policy) : policy_(policy) {}

    [[nodiscard]] Permit ask(Clock::time_point now = Clock::now());
    [[nodiscard]] BreakerState state(Clock::time_point now = Clock::now()) const;

private:
    void give_up_probe();
    void report(bool success, bool probe, Clock::time_point now);

    const BreakerPolicy policy_;
    mutable std::mutex mutex_;      // guards changes of what follows
    std::atomic<int> failures_{0};  // in a row
    std::atomic<bool> open_{false};
    bool probing_ = false;
    Clock::time_point open_until_;
};

}  // namespace web::client
