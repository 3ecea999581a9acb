// Where the dashboard gets items from. Knows nothing of pages or HTTP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <base/decimal.hpp>
#include <base/task.hpp>
#include <schema/schema.hpp>

namespace app {

/// What the dashboard uses of an item.
struct Item {
    std::int64_t id;
    std::string name;
    std::string category;
    base::Decimal<2> price;
    std::int32_t quantity;
};
BOOST_DESCRIBE_STRUCT(Item, (), (id, name, category, price, quantity))

/// The newest items, at most kMaxListed.
struct Listing {
    std::vector<Item> items;
    bool complete = true;  ///< false: there are more
};

/// So many items a page can show without the polling becoming a burden for the API.
inline constexpr std::size_t kMaxListed = 1'000;

enum class ItemsProblem {
    kAway,       ///< no answer, or one that says "try again": passes by itself
    kUnexpected  ///< an answer that makes no sense: somebody has to look
};

class ItemsSource {
public:
    virtual ~ItemsSource() = default;

    /// The newest items of all categories, or of the one.
    [[nodiscard]] virtual base::Task<std::variant<Listing, ItemsProblem>> newest(
        std::optional<std::string> category) = 0;
};

}  // namespace app
