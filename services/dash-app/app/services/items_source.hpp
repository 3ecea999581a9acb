// The source of the dashboard's items. It does not know pages or HTTP.
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

/// Sums over items; `value` is price times quantity.
struct Totals {
    std::int64_t items = 0;
    std::int64_t quantity = 0;
    base::Decimal<2> value;
};
BOOST_DESCRIBE_STRUCT(Totals, (), (items, quantity, value))

struct CategoryTotals {
    std::string category;
    std::int64_t items = 0;
    std::int64_t quantity = 0;
    base::Decimal<2> value;
};
BOOST_DESCRIBE_STRUCT(CategoryTotals, (), (category, items, quantity, value))

/// The number of items with a price of at least `low` and below `high`.
struct PriceRange {
    base::Decimal<2> low;
    std::optional<base::Decimal<2>> high;  ///< nullopt: no limit
    std::int64_t items = 0;
};
BOOST_DESCRIBE_STRUCT(PriceRange, (), (low, high, items))

/// Of all items.
struct Statistics {
    Totals total;
    std::vector<CategoryTotals> categories;  ///< those with the most items, 50 at most
    Totals other_categories;                 ///< of all other categories
    std::vector<PriceRange> prices;          ///< every range, cheapest first
};
BOOST_DESCRIBE_STRUCT(Statistics, (), (total, categories, other_categories, prices))

struct Item {
    std::string name;
    base::Decimal<2> price;
    std::int32_t quantity = 0;
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, price, quantity))

/// The first items of a category in the requested order, at most kMaxListed.
struct Listing {
    std::vector<Item> items;
    std::int64_t total = 0;  ///< how many the category has
};
BOOST_DESCRIBE_STRUCT(Listing, (), (items, total))

/// One page of the API: a poll is one call for it, however many items there are.
inline constexpr std::size_t kMaxListed = 100;

enum class Order { kNewest, kMostUnits, kDearest };

/// A category to look into.
struct Selection {
    std::string category;
    Order order = Order::kNewest;
};

struct Stock {
    Statistics statistics;
    std::optional<Listing> listing;  ///< of the selected category
};

enum class ItemsProblem {
    kAway,       ///< no answer in time, or one that says "try again": temporary
    kUnexpected  ///< an unexpected answer: somebody must investigate
};

class ItemsSource {
public:
    virtual ~ItemsSource() = default;

    /// Reads the current state, in time for the page: see kPollPeriod in layouts/items_page.hpp.
    [[nodiscard]] virtual base::Task<std::variant<Stock, ItemsProblem>> read(
        std::optional<Selection> selection) = 0;
};

}  // namespace app
