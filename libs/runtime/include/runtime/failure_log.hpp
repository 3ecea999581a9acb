// Failures of what works in the background and tries again: a line for each cause, not for each
// attempt.
#pragma once

#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <telemetry/log.hpp>

namespace runtime {

class FailureLog {
public:
    /// `message` is that of each line.
    explicit FailureLog(std::string message) : message_(std::move(message)) {}

    /// Logs the failure, unless it has been logged since the last success.
    void failed(const std::exception& error) {
        if (causes_.size() == kMost) causes_.clear();
        if (!causes_.emplace(error.what()).second) return;
        telemetry::log::error(message_, {{"error", std::string_view(error.what())}});
    }
    void succeeded() noexcept { causes_.clear(); }

private:
    static constexpr std::size_t kMost = 16;

    std::string message_;
    std::set<std::string> causes_;
};

}  // namespace runtime
