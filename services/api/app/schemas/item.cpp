#include <charconv>

#include <fmt/compile.h>
#include <fmt/format.h>
#include <schemas/item.hpp>

namespace app {
namespace {

// No item was changed before the epoch, or will be after the last year that RFC 3339 can write.
constexpr base::Timestamp kFirst{};
constexpr base::Timestamp kLast{std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1)};

std::string spell(base::Timestamp version) {
    return fmt::format(FMT_COMPILE("{:x}"), version.time_since_epoch().count());
}

}  // namespace

std::string entity_tag(const ItemRead& item) {
    return spell(item.updated_at);
}

std::optional<base::Timestamp> version_of_entity_tag(const std::string& tag) {
    std::int64_t microseconds = 0;
    const char* const last = tag.data() + tag.size();
    const auto [end, error] = std::from_chars(tag.data(), last, microseconds, 16);
    if (error != std::errc() || end != last) return std::nullopt;
    const base::Timestamp version{std::chrono::microseconds(microseconds)};
    // Tags compare by octet (RFC 9110, section 8.8.3.2): only our own spelling is our tag.
    if (version < kFirst || version >= kLast || tag != spell(version)) return std::nullopt;
    return version;
}

}  // namespace app
