// Structured logs on stdout: one JSON object a line, for machines to read (Loki, jq), or plain
// text for people who watch a terminal.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace telemetry::log {

enum class Level : int { kDebug, kInfo, kWarn, kError };
enum class Format { kJson, kText };

/// "debug", "info", "warn", "error"; nullopt for anything else.
[[nodiscard]] std::optional<Level> parse_level(std::string_view name) noexcept;
/// "json", "text"; nullopt for anything else.
[[nodiscard]] std::optional<Format> parse_format(std::string_view name) noexcept;

/// The maximum size of a line with its line feed. Fields that do not fit are omitted, and
/// `"truncated":true` is added. Docker's json-file driver splits longer lines, and half an object
/// is not JSON.
inline constexpr std::size_t kMaxLineBytes = 16 * 1024;
/// The maximum size of a message or a value, escaped and without its quotes. The end of a longer
/// one is replaced by "...[+N bytes]".
inline constexpr std::size_t kMaxStringBytes = 4 * 1024;

/// One key and its value. Holds views, so it is valid only as an argument of a call. NaN and the
/// infinities, which JSON does not have, are written as null.
struct Field {
    using Value = std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view>;

    template <class T>
    Field(std::string_view name, const T& content) : key(name), value(make_value(content)) {}

    /// Constant text of the program, in snake_case; ts, level, service, msg, trace_id, span_id and
    /// truncated are taken.
    std::string_view key;
    Value value;

private:
    template <class T>
    static Value make_value(const T& content) {
        if constexpr (std::same_as<T, bool>) {
            return Value(std::in_place_type<bool>, content);
        } else if constexpr (std::signed_integral<T>) {
            return Value(std::in_place_type<std::int64_t>, content);
        } else if constexpr (std::unsigned_integral<T>) {
            return Value(std::in_place_type<std::uint64_t>, content);
        } else if constexpr (std::floating_point<T>) {
            return Value(std::in_place_type<double>, static_cast<double>(content));
        } else {
            static_assert(std::convertible_to<const T&, std::string_view>,
                          "a field is a bool, a number or a text");
            return Value(std::in_place_type<std::string_view>, content);
        }
    }
};

struct Options {
    std::string service;  ///< the value of "service" in every line
    Level level = Level::kInfo;
    Format format = Format::kJson;
    /// The bytes that may wait for a slow reader, at least one line of kMaxLineBytes. Beyond that
    /// the oldest lines are dropped and counted: a stalled reader costs lines, never requests.
    std::size_t queue_bytes = 2UL * 1024 * 1024;
    /// The destination of lines, without their line feed; empty: stdout. Called from one background
    /// thread; must not throw.
    std::function<void(std::string_view line)> sink;
};

/// Sets the log up. Call it first thing in main(), before other threads log; tests call it again to
/// set another sink. Lines before the first call go to stdout as JSON from level info on.
void configure(Options options);

namespace detail {
inline std::atomic<int> threshold{static_cast<int>(Level::kInfo)};
}

/// Whether lines of this level are written: guards fields that are expensive to compute.
[[nodiscard]] inline bool enabled(Level level) noexcept {
    return static_cast<int>(level) >= detail::threshold.load(std::memory_order_relaxed);
}

/// Writes one line: ts (RFC 3339, UTC), level, service, msg, then trace_id and span_id when
/// base::current_context() is valid, then the fields. `msg` is constant text in lower case; put
/// variable parts into fields. Invalid UTF-8 becomes U+FFFD. Thread-safe; never blocks on the
/// reader and never throws: a line that cannot be written counts as dropped.
void write(Level level, std::string_view msg, std::span<const Field> fields) noexcept;

inline void debug(std::string_view msg, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::kDebug, msg, {fields.begin(), fields.size()});
}
inline void info(std::string_view msg, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::kInfo, msg, {fields.begin(), fields.size()});
}
inline void warn(std::string_view msg, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::kWarn, msg, {fields.begin(), fields.size()});
}
inline void error(std::string_view msg, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::kError, msg, {fields.begin(), fields.size()});
}

/// Waits until every line written so far has left the process, at most 2 s. Call it before the
/// process ends in any way. Nothing else waits for the writing thread, because a stalled reader of
/// stdout may block it.
void flush() noexcept;

/// Lines dropped since configure(), because the reader did not keep up.
[[nodiscard]] std::uint64_t dropped_lines() noexcept;

}  // namespace telemetry::log
