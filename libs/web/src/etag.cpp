#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include <web/etag.hpp>

namespace web {
namespace {

constexpr std::size_t kMaxTags = 32;

void skip_spaces(std::string_view& text) {
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
}

// etagc = %x21 / %x23-7E / obs-text
bool is_tag_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x21 || (byte >= 0x23 && byte <= 0x7E) || byte >= 0x80;
}

std::optional<EntityTags::Tag> take_tag(std::string_view& text) {
    EntityTags::Tag tag;
    if (text.starts_with("W/")) {
        tag.weak = true;
        text.remove_prefix(2);
    }
    if (!text.starts_with('"')) return std::nullopt;
    const auto end = text.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    tag.opaque = text.substr(1, end - 1);
    if (!std::ranges::all_of(tag.opaque, is_tag_character)) return std::nullopt;
    text.remove_prefix(end + 1);
    return tag;
}

}  // namespace

bool EntityTags::match_strongly(std::string_view opaque) const noexcept {
    return any || std::ranges::any_of(
                      tags, [opaque](const Tag& tag) { return !tag.weak && tag.opaque == opaque; });
}

bool EntityTags::match_weakly(std::string_view opaque) const noexcept {
    return any ||
           std::ranges::any_of(tags, [opaque](const Tag& tag) { return tag.opaque == opaque; });
}

std::optional<EntityTags> parse_entity_tags(std::string_view header) {
    EntityTags result;
    skip_spaces(header);
    if (header == "*") {
        result.any = true;
        return result;
    }
    while (true) {
        // Empty list elements are ignored (RFC 9110, section 5.6.1.2).
        while (header.starts_with(',')) {
            header.remove_prefix(1);
            skip_spaces(header);
        }
        if (header.empty()) break;
        auto tag = take_tag(header);
        if (!tag || result.tags.size() == kMaxTags) return std::nullopt;
        result.tags.push_back(*std::move(tag));
        skip_spaces(header);
        if (!header.empty() && !header.starts_with(',')) return std::nullopt;
    }
    if (result.tags.empty()) return std::nullopt;
    return result;
}

std::string content_hash(std::string_view content) {
    std::uint64_t value = 0xcbf29ce484222325U;
    for (const char c : content) {
        value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return fmt::format("{:016x}", value);
}

}  // namespace web
