// Entity tags and the preconditions made of them (RFC 9110, sections 8.8.3 and 13).
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace web {

/// The value of If-Match or If-None-Match.
struct EntityTags {
    struct Tag {
        std::string opaque;  ///< without the quotes
        bool weak = false;
    };
    bool any = false;  ///< "*"
    std::vector<Tag> tags;

    /// Strong comparison, for If-Match: weak tags match nothing.
    [[nodiscard]] bool match_strongly(std::string_view opaque) const noexcept;
    /// Weak comparison, for If-None-Match.
    [[nodiscard]] bool match_weakly(std::string_view opaque) const noexcept;
};

/// nullopt when the text is not of that form, or has more than 32 tags.
[[nodiscard]] std::optional<EntityTags> parse_entity_tags(std::string_view header);

/// An entity tag for a file: differs when the content does (FNV-1a, 64 bits, 16 hexadecimal
/// digits). It does not resist attacks.
[[nodiscard]] std::string content_hash(std::string_view content);

/// A type has an entity tag by a function next to it: std::string entity_tag(const T&), which
/// returns the opaque part. Its responses then carry ETag and answer If-None-Match.
template <class T>
concept Tagged = requires(const T& value) {
    { entity_tag(value) } -> std::same_as<std::string>;
};

}  // namespace web
