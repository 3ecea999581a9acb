// The log lines about a connection's life.
#pragma once

#include <string_view>

#include <base/context.hpp>
#include <telemetry/log.hpp>

namespace postgres {

/// Without the context of whatever request ran on this thread before: the line belongs to none.
inline void log_life(telemetry::log::Level level, std::string_view msg, std::string_view error) {
    const base::ContextScope no_request{base::TraceContext{}};
    if (error.empty()) {
        telemetry::log::write(level, msg, {});
    } else {
        const telemetry::log::Field fields[] = {{"error", error}};
        telemetry::log::write(level, msg, fields);
    }
}

}  // namespace postgres
