#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <base/utf8.hpp>
#include <schema/text.hpp>

namespace schema {
namespace {

constexpr bool needs_escape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    }
}

// The bytes of the code point that text starts with, 0 when it starts with an invalid one.
std::size_t code_point_bytes(std::string_view text) {
    for (std::size_t bytes = 1; bytes <= 4 && bytes <= text.size(); ++bytes) {
        if (base::utf8::length(text.substr(0, bytes)) == 1U) return bytes;
    }
    return 0;
}

void append_repaired(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto bytes = code_point_bytes(text);
        if (bytes == 0) {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
            continue;
        }
        if (needs_escape(text.front())) {
            append_escape(out, text.front());
        } else {
            out += text.substr(0, bytes);
        }
        text.remove_prefix(bytes);
    }
}

void append_line_break(std::string& out, int indent, int depth) {
    if (indent == 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' ');
}

void append_number(std::string& out, double number) {
    // JSON has no NaN or Infinity.
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    out.append(buffer.data(), end);
}

void append_value(std::string& out, const boost::json::value& value, int indent, int depth);

template <class Range, class AppendElement>
void append_sequence(std::string& out, const Range& range, std::string_view brackets, int indent,
                     int depth, AppendElement append_element) {
    out += brackets[0];
    bool first = true;
    for (const auto& element : range) {
        if (!first) out += ',';
        first = false;
        append_line_break(out, indent, depth + 1);
        append_element(element);
    }
    if (!first) append_line_break(out, indent, depth);
    out += brackets[1];
}

void append_value(std::string& out, const boost::json::value& value, int indent, int depth) {
    switch (value.kind()) {
        case boost::json::kind::object:
            append_sequence(out, value.get_object(), "{}", indent, depth, [&](const auto& member) {
                append_json_string(out, member.key());
                out += indent == 0 ? ":" : ": ";
                append_value(out, member.value(), indent, depth + 1);
            });
            return;
        case boost::json::kind::array:
            append_sequence(out, value.get_array(), "[]", indent, depth, [&](const auto& element) {
                append_value(out, element, indent, depth + 1);
            });
            return;
        case boost::json::kind::string:
            append_json_string(out, value.get_string());
            return;
        case boost::json::kind::double_:
            append_number(out, value.get_double());
            return;
        default:
            out += boost::json::serialize(value);
    }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain = 0;
    while (plain < text.size()) {
        const char c = text[plain];
        if (needs_escape(c) || static_cast<unsigned char>(c) >= 0x80) break;
        ++plain;
    }
    out += text.substr(0, plain);  // most strings are plain ASCII and end here
    if (plain < text.size()) append_repaired(out, text.substr(plain));
    out += '"';
}

void append_json(std::string& out, const boost::json::value& value, int indent) {
    append_value(out, value, indent, 0);
}

}  // namespace schema
