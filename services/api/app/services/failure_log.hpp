// Failures of what works in the background and tries again: a line for each cause, not for each
// attempt.
#pragma once

#include <exception>
#include <set>
#include <string>
#include <string_view>

#include <telemetry/log.hpp>

namespace app {

class FailureLog {
public:
    /// `what` is the line's message, a literal.
    explicit FailureLog(std::string_view what) : what_(what) {}

    /// Logs the failure, unless it has been logged since the last success.
    void failed(const std::exception& error) {
        if (causes_.size() == kMost) causes_.clear();
        if (!causes_.emplace(error.what()).second) return;
        telemetry::log::error(what_, {{"error", std::string_view(error.what())}});
    }
    void succeeded() noexcept { causes_.clear(); }

private:
    static constexpr std::size_t kMost = 16;

    std::string_view what_;
    std::set<std::string> causes_;
};

}  // namespace app
