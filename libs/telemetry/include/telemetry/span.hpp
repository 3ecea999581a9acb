// Spans: the timed steps of a trace (https://opentelemetry.io/docs/concepts/signals/traces/). They
// are recorded when they end, because then everything about them is known; span_export.hpp sends
// them.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <base/context.hpp>

namespace telemetry::trace {

/// The numbers are OTLP's.
enum class SpanKind : std::uint8_t { kInternal = 1, kServer = 2, kClient = 3 };

/// One fact about a span, with the name of the semantic conventions if they have one
/// (https://opentelemetry.io/docs/specs/semconv/).
struct Attribute {
    using Value = std::variant<bool, std::int64_t, double, std::string>;

    template <class T>
    Attribute(std::string_view name, const T& content) : key(name), value(make_value(content)) {}

    std::string_view key;  ///< constant text of the program
    Value value;

private:
    template <class T>
    static Value make_value(const T& content) {
        if constexpr (std::same_as<T, bool> || std::floating_point<T>) {
            return content;
        } else if constexpr (std::integral<T>) {
            return static_cast<std::int64_t>(content);
        } else {
            return std::string(std::string_view(content));
        }
    }
};

struct Span {
    /// It has few values, like a label: "GET /v1/items/{id}", never with the id in it.
    std::string name;
    SpanKind kind = SpanKind::kInternal;
    base::TraceContext context;
    std::array<std::uint8_t, 8> parent_span_id{};  ///< all zero: the first span of its trace
    std::chrono::system_clock::time_point start;
    std::chrono::system_clock::time_point end;
    std::vector<Attribute> attributes;
    bool failed = false;  ///< status "error"; `error.type` among the attributes says which
};

namespace detail {
inline std::atomic<bool> recording{false};
}

/// True if a span of this context would be exported: it is sampled and there is an exporter. Check
/// it before you create a span, so that unsampled requests cost nothing.
[[nodiscard]] inline bool wants_span(const base::TraceContext& context) noexcept {
    return context.sampled && detail::recording.load(std::memory_order_relaxed);
}

/// Queues a span for export if wants_span() holds. Thread-safe; never blocks on the network and
/// never throws. If the queue is full, the span counts as dropped.
void record(Span span) noexcept;

/// Since the process began.
struct SpanStats {
    std::uint64_t exported = 0;  ///< accepted by the collector
    std::uint64_t dropped = 0;   ///< the queue was full
    std::uint64_t failed = 0;    ///< the collector refused them or was unavailable for too long
};
[[nodiscard]] SpanStats span_stats() noexcept;

/// The attributes of this service, sent with every batch. Call it before the exporter starts.
using Resource = std::vector<std::pair<std::string, std::string>>;
void set_resource(Resource resource);

}  // namespace telemetry::trace
