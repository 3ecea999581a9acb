#include "client/circuit_breaker.hpp"

#include <utility>

namespace web::client {

void CircuitBreaker::Permit::report(bool success, Clock::time_point now) {
    if (auto* breaker = std::exchange(breaker_, nullptr)) breaker->report(success, probe_, now);
}

CircuitBreaker::Permit CircuitBreaker::ask(Clock::time_point now) {
    if (!open_) return {this, false};
    const std::lock_guard lock(mutex_);
    if (!open_) return {this, false};
    if (now < open_until_ || std::exchange(probing_, true)) return {nullptr, false};
    return {this, true};
}

BreakerState CircuitBreaker::state(Clock::time_point now) const {
    const std::lock_guard lock(mutex_);
    if (!open_) return BreakerState::kClosed;
    return now < open_until_ ? BreakerState::kOpen : BreakerState::kHalfOpen;
}

void CircuitBreaker::give_up_probe() {
    const std::lock_guard lock(mutex_);
    probing_ = false;
}

void CircuitBreaker::report(bool success, bool probe, Clock::time_point now) {
    if (success && !probe && failures_ == 0) return;
    const std::lock_guard lock(mutex_);
    if (probe) probing_ = false;
    // A call that started before the breaker opened says nothing about the peer now.
    if (open_ && !probe) return;
    if (success) {
        failures_ = 0;
        open_ = false;
        return;
    }
    ++failures_;
    if (probe || (policy_.failures > 0 && failures_ >= policy_.failures)) {
        open_ = true;
        open_until_ = now + policy_.open_for;
    }
}

}  // namespace web::client
