#include <cstdint>

#include <base/utf8.hpp>

namespace base::utf8 {
namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;  // 0: invalid
};

constexpr std::uint32_t byte_at(std::string_view text, std::size_t i) {
    return static_cast<unsigned char>(text[i]);
}

// RFC 3629, section 4: the number of bytes follows from the first, and the smallest value that
// needs that many bytes rules out overlong forms.
constexpr CodePoint decode(std::string_view text) {
    const std::uint32_t lead = byte_at(text, 0);
    if (lead < 0x80) return {lead, 1};

    std::size_t bytes = 0;
    std::uint32_t smallest = 0;
    std::uint32_t value = 0;
    if ((lead & 0xE0U) == 0xC0) {
        bytes = 2, smallest = 0x80, value = lead & 0x1FU;
    } else if ((lead & 0xF0U) == 0xE0) {
        bytes = 3, smallest = 0x800, value = lead & 0x0FU;
    } else if ((lead & 0xF8U) == 0xF0) {
        bytes = 4, smallest = 0x10000, value = lead & 0x07U;
    } else {
        return {};
    }
    if (text.size() < bytes) return {};
    for (std::size_t i = 1; i < bytes; ++i) {
        const std::uint32_t next = byte_at(text, i);
        if ((next & 0xC0U) != 0x80) return {};
        value = (value << 6U) | (next & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest || value > 0x10FFFF || surrogate) return {};
    return {value, bytes};
}

// Unicode's White_Space property.
constexpr bool is_space(std::uint32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

}  // namespace

std::optional<std::size_t> length(std::string_view text) noexcept {
    std::size_t count = 0;
    while (!text.empty()) {
        const auto point = decode(text);
        if (point.bytes == 0) return std::nullopt;
        text.remove_prefix(point.bytes);
        ++count;
    }
    return count;
}

bool has_control_characters(std::string_view text, bool allow_line_breaks) noexcept {
    while (!text.empty()) {
        const auto [value, bytes] = decode(text);
        const bool line_break = value == '\n' || value == '\r' || value == '\t';
        const bool control = value < 0x20 || (value >= 0x7F && value <= 0x9F);
        if (control && !(allow_line_breaks && line_break)) return true;
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return false;
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto point = decode(text);
        if (point.bytes == 0 || !is_space(point.value)) break;
        text.remove_prefix(point.bytes);
    }
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        // Step back over continuation bytes to the first byte of the last code point.
        while (start > 0 && (byte_at(text, start) & 0xC0U) == 0x80)
            --start;
        const auto point = decode(text.substr(start));
        if (point.bytes != text.size() - start || !is_space(point.value)) break;
        text.remove_suffix(point.bytes);
    }
    return text;
}

}  // namespace base::utf8
