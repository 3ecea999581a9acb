#include <charconv>

#include <fmt/format.h>
#include <schemas/item.hpp>

namespace app {

std::string entity_tag(const ItemRead& item) {
    return fmt::format("{:x}", item.updated_at.time_since_epoch().count());
}

std::optional<base::Timestamp> version_of_entity_tag(const std::string& tag) {
    std::int64_t microseconds = 0;
    const char* const last = tag.data() + tag.size();
    const auto [end, error] = std::from_chars(tag.data(), last, microseconds, 16);
    if (error != std::errc() || end != last) return std::nullopt;
    return base::Timestamp(std::chrono::microseconds(microseconds));
}

bool validate(const ItemFilter& filter, const schema::Context& context) {
    bool valid = true;
    if (filter.min_price && filter.max_price && **filter.max_price < **filter.min_price) {
        context.at("max_price").fail("price_range", "must not be below min_price");
        valid = false;
    }
    if (filter.cursor && !(filter.cursor->sort == *filter.sort)) {
        context.at("cursor").fail("cursor", fmt::format("belongs to another order ({}); start over "
                                                        "without a cursor",
                                                        filter.cursor->sort.view()));
        valid = false;
    }
    return valid;
}

}  // namespace app
