#include "otlp.hpp"

#include <cmath>
#include <iterator>
#include <string_view>

#include <telemetry/trace.hpp>

#include "line.hpp"

namespace telemetry::trace {
namespace {

using log::Buffer;

void append(Buffer& out, std::string_view text) {
    out.append(text.data(), text.data() + text.size());
}

template <class Items, class AppendItem>
void append_array(Buffer& out, const Items& items, AppendItem append_item) {
    out.push_back('[');
    bool first = true;
    for (const auto& item : items) {
        if (!std::exchange(first, false)) out.push_back(',');
        append_item(item);
    }
    out.push_back(']');
}

void append_value(Buffer& out, bool value) {
    append(out, value ? R"({"boolValue":true})" : R"({"boolValue":false})");
}

void append_value(Buffer& out, std::int64_t value) {
    // As text, because a JSON number is exact only up to 2^53.
    fmt::format_to(std::back_inserter(out), R"({{"intValue":"{}"}})", value);
}

void append_value(Buffer& out, double value) {
    // JSON has no NaN and no infinity, ProtoJSON spells them out.
    if (std::isfinite(value)) {
        fmt::format_to(std::back_inserter(out), R"({{"doubleValue":{}}})", value);
    } else {
        const std::string_view name = std::isnan(value) ? "NaN"
                                      : value > 0       ? "Infinity"
                                                        : "-Infinity";
        fmt::format_to(std::back_inserter(out), R"({{"doubleValue":"{}"}})", name);
    }
}

void append_value(Buffer& out, const std::string& value) {
    append(out, R"({"stringValue":)");
    log::append_quoted(out, value);
    out.push_back('}');
}

template <class Value>
void append_attribute(Buffer& out, std::string_view key, const Value& value) {
    append(out, R"({"key":)");
    log::append_quoted(out, key);
    append(out, R"(,"value":)");
    append_value(out, value);
    out.push_back('}');
}

auto nanoseconds(std::chrono::system_clock::time_point time) {
    return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

void append_span(Buffer& out, const Span& span) {
    fmt::format_to(std::back_inserter(out), R"({{"traceId":"{}","spanId":"{}")",
                   hex(span.context.trace_id), hex(span.context.span_id));
    if (span.parent_span_id != decltype(span.parent_span_id){}) {
        fmt::format_to(std::back_inserter(out), R"(,"parentSpanId":"{}")",
                       hex(span.parent_span_id));
    }
    append(out, R"(,"name":)");
    log::append_quoted(out, span.name);
    fmt::format_to(std::back_inserter(out),
                   R"(,"kind":{},"startTimeUnixNano":"{}","endTimeUnixNano":"{}","attributes":)",
                   static_cast<int>(span.kind), nanoseconds(span.start), nanoseconds(span.end));
    append_array(out, span.attributes, [&](const Attribute& attribute) {
        std::visit([&](const auto& value) { append_attribute(out, attribute.key, value); },
                   attribute.value);
    });
    append(out, span.failed ? R"(,"status":{"code":2}})" : R"(,"status":{}})");
}

}  // namespace

std::string otlp_json(const Resource& resource, std::span<const Span> spans) {
    Buffer out;
    append(out, R"({"resourceSpans":[{"resource":{"attributes":)");
    append_array(out, resource,
                 [&](const auto& entry) { append_attribute(out, entry.first, entry.second); });
    append(out, R"(},"scopeSpans":[{"scope":{"name":"telemetry"},"spans":)");
    append_array(out, spans, [&](const Span& span) { append_span(out, span); });
    append(out, "}]}]}");
    return fmt::to_string(out);
}

}  // namespace telemetry::trace
