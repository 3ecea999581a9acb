#include "line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>

#include <base/time.hpp>
#include <base/utf8.hpp>

namespace telemetry::log {
namespace {

void append(Buffer& out, std::string_view text) {
    out.append(text.data(), text.data() + text.size());
}

// trace::hex() would allocate twice per line.
void append_hex(Buffer& out, std::span<const std::uint8_t> id) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto byte : id) {
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 0x0FU]);
    }
}

constexpr std::string_view level_name(Level level) {
    constexpr std::array<std::string_view, 4> names = {"debug", "info", "warn", "error"};
    return names[static_cast<std::size_t>(level)];
}

// Printable ASCII without the two characters that JSON escapes: nearly every byte of a log.
constexpr bool is_plain(char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

// The length in bytes of a sequence that starts with this byte, valid or not.
constexpr std::size_t sequence_bytes(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    if (byte < 0xC0) return 1;
    if (byte < 0xE0) return 2;
    return byte < 0xF0 ? 3 : 4;
}

// Appends the escaped form of the first character of `text` and returns its length in bytes.
std::size_t append_special(Buffer& out, std::string_view text) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x80) {
        switch (byte) {
            case '"':
                append(out, "\\\"");
                break;
            case '\\':
                append(out, "\\\\");
                break;
            case '\n':
                append(out, "\\n");
                break;
            case '\r':
                append(out, "\\r");
                break;
            case '\t':
                append(out, "\\t");
                break;
            default:
                fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        }
        return 1;
    }
    const auto sequence = text.substr(0, sequence_bytes(text.front()));
    if (base::utf8::length(sequence) != 1) {
        append(out, "\uFFFD");
        return 1;
    }
    if (base::utf8::has_control_characters(sequence)) {
        // U+0080..U+009F drive terminals as ESC does; all of them start with the byte C2.
        fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                       static_cast<unsigned char>(sequence[1]));
    } else {
        append(out, sequence);
    }
    return sequence.size();
}

void append_escaped(Buffer& out, std::string_view text) {
    constexpr std::size_t kRoomForSuffix =
        std::string_view("...[+18446744073709551615 bytes]").size();
    const auto limit = out.size() + kMaxStringBytes;
    const auto cut_limit = limit - kRoomForSuffix;
    // The last place where the suffix still fits, and how much of the text follows it.
    auto cut = out.size();
    auto behind_cut = text.size();
    while (!text.empty() && out.size() <= limit) {
        if (out.size() <= cut_limit) {
            cut = out.size();
            behind_cut = text.size();
        }
        const auto stop = out.size() < cut_limit ? cut_limit : limit + 1;
        const auto most = std::min(text.size(), stop - out.size());
        std::size_t plain = 0;
        while (plain < most && is_plain(text[plain]))
            ++plain;
        append(out, text.substr(0, plain));
        text.remove_prefix(plain > 0 ? plain : append_special(out, text));
    }
    if (out.size() <= limit) return;
    out.resize(cut);
    fmt::format_to(std::back_inserter(out), "...[+{} bytes]", behind_cut);
}

template <class Text>
void append_value(Buffer& out, const Field::Value& value, Text append_string) {
    std::visit(
        [&](const auto& content) {
            using T = std::decay_t<decltype(content)>;
            if constexpr (std::same_as<T, std::string_view>) {
                append_string(content);
            } else if constexpr (std::same_as<T, double>) {
                if (std::isfinite(content)) {
                    fmt::format_to(std::back_inserter(out), "{}", content);
                } else {
                    append(out, "null");
                }
            } else if constexpr (std::same_as<T, bool>) {
                append(out, content ? "true" : "false");
            } else {
                const fmt::format_int digits(content);
                append(out, {digits.data(), digits.size()});
            }
        },
        value);
}

// "2026-01-31T23:59:59.123456Z". Each thread formats the part up to the second once per second.
void append_time(Buffer& out, std::chrono::system_clock::time_point time) {
    constexpr std::size_t kUpToSecond = std::string_view("2026-01-31T23:59:59.").size();
    thread_local std::chrono::sys_seconds cached_second{std::chrono::seconds(-1)};
    thread_local std::string cached;

    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    if (second != cached_second) {
        cached = base::format_rfc3339(second);
        cached.resize(kUpToSecond);
        cached_second = second;
    }
    append(out, cached);
    const auto micros = std::chrono::floor<std::chrono::microseconds>(time - second).count();
    // Seven digits, of which the first, a 1, is only there to keep the zeros.
    const fmt::format_int digits(1'000'000 + micros);
    append(out, std::string_view(digits.data(), digits.size()).substr(1));
    out.push_back('Z');
}

// Appends fields until the line is full. Returns false if it omitted some.
template <class AppendField>
bool append_fields(Buffer& out, std::size_t line_start, std::span<const Field> fields,
                   AppendField append_field) {
    // For ,"truncated":true} in JSON, and for " truncated=true" and the trace id with its colours
    // in text; and for the line feed.
    constexpr std::size_t kRoomForEnd = 80;
    for (const auto& field : fields) {
        const auto before = out.size();
        append_field(field);
        if (out.size() - line_start > kMaxLineBytes - kRoomForEnd) {
            out.resize(before);
            return false;
        }
    }
    return true;
}

bool needs_quotes(std::string_view text) {
    return text.empty() ||
           !std::ranges::all_of(text, [](char c) { return is_plain(c) && c != ' ' && c != '='; });
}

constexpr std::string_view kDim = "\033[2m";
constexpr std::string_view kReset = "\033[0m";

constexpr std::string_view colour_of(Level level) {
    constexpr std::array<std::string_view, 4> colours = {"\033[2m", "\033[32m", "\033[33m",
                                                         "\033[31m"};
    return colours[static_cast<std::size_t>(level)];
}

}  // namespace

void append_quoted(Buffer& out, std::string_view text) {
    out.push_back('"');
    append_escaped(out, text);
    out.push_back('"');
}

void append_json(Buffer& out, const Entry& entry) {
    const auto start = out.size();
    append(out, R"({"ts":")");
    append_time(out, entry.time);
    append(out, R"(","level":")");
    append(out, level_name(entry.level));
    append(out, R"(","service":)");
    append_quoted(out, entry.service);
    append(out, R"(,"msg":)");
    append_quoted(out, entry.msg);
    if (entry.context.valid()) {
        append(out, R"(,"trace_id":")");
        append_hex(out, entry.context.trace_id);
        append(out, R"(","span_id":")");
        append_hex(out, entry.context.span_id);
        out.push_back('"');
    }
    const bool complete = append_fields(out, start, entry.fields, [&](const Field& field) {
        out.push_back(',');
        append_quoted(out, field.key);
        out.push_back(':');
        append_value(out, field.value, [&](std::string_view text) { append_quoted(out, text); });
    });
    append(out, complete ? "}" : R"(,"truncated":true})");
}

void append_text(Buffer& out, const Entry& entry, bool colour) {
    const auto start = out.size();
    const auto style = [&](std::string_view code) {
        if (colour) append(out, code);
    };
    style(kDim);
    append_time(out, entry.time);
    style(kReset);
    out.push_back(' ');
    style(colour_of(entry.level));
    fmt::format_to(std::back_inserter(out), "{:<5}", level_name(entry.level));
    style(kReset);
    out.push_back(' ');
    append_escaped(out, entry.msg);
    const bool complete = append_fields(out, start, entry.fields, [&](const Field& field) {
        out.push_back(' ');
        style(kDim);
        append_escaped(out, field.key);
        out.push_back('=');
        style(kReset);
        append_value(out, field.value, [&](std::string_view text) {
            needs_quotes(text) ? append_quoted(out, text) : append_escaped(out, text);
        });
    });
    if (!complete) append(out, " truncated=true");
    if (entry.context.valid()) {
        style(kDim);
        append(out, " trace_id=");
        append_hex(out, entry.context.trace_id);
        style(kReset);
    }
}

}  // namespace telemetry::log
