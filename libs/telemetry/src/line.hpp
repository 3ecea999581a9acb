// The format of one log line.
#pragma once

#include <chrono>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include <base/context.hpp>
#include <telemetry/log.hpp>

namespace telemetry::log {

struct Entry {
    std::chrono::system_clock::time_point time;
    Level level = Level::kInfo;
    std::string_view service;
    std::string_view msg;
    base::TraceContext context;
    std::span<const Field> fields;
};

using Buffer = fmt::memory_buffer;

/// Appends a JSON string: escaped, with invalid UTF-8 replaced, truncated at kMaxStringBytes.
void append_quoted(Buffer& out, std::string_view text);

/// Appends one JSON object, without a line feed.
void append_json(Buffer& out, const Entry& entry);

/// Appends one line for people: time, level, message, key=value. Texts are escaped as in JSON, so
/// no field can forge a line or drive the terminal.
void append_text(Buffer& out, const Entry& entry, bool colour);

}  // namespace telemetry::log
