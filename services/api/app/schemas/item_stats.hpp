// Statistics of all items, as the dashboard needs them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <base/decimal.hpp>
#include <schema/schema.hpp>

namespace app {

/// `value` is price times quantity, summed up; it stops at 92,233,720,368,547,758.07.
struct ItemTotals {
    std::int64_t items;
    std::int64_t quantity;
    base::Decimal<2> value;
};
BOOST_DESCRIBE_STRUCT(ItemTotals, (), (items, quantity, value))

struct CategoryStats {
    std::string category;
    std::int64_t items;
    std::int64_t quantity;
    base::Decimal<2> value;
};
BOOST_DESCRIBE_STRUCT(CategoryStats, (), (category, items, quantity, value))

/// Items whose price is at least `low` and below `high`.
struct PriceStats {
    base::Decimal<2> low;
    std::optional<base::Decimal<2>> high;  ///< null: no limit
    std::int64_t items;
    std::int64_t quantity;
    base::Decimal<2> value;
};
BOOST_DESCRIBE_STRUCT(PriceStats, (), (low, high, items, quantity, value))

struct DayStats {
    std::string day;  ///< RFC 3339 full-date, UTC
    std::int64_t items;
};
BOOST_DESCRIBE_STRUCT(DayStats, (), (day, items))

/// Days and categories are limited, since nothing else limits how many there are.
struct ItemStats {
    ItemTotals total;
    std::vector<CategoryStats> categories;  ///< the 50 with the most items, most first
    ItemTotals other_categories;            ///< of all the others
    std::vector<PriceStats> prices;         ///< every range, cheapest first
    std::vector<DayStats> days;  ///< the 366 newest days on which items were created, oldest first
};
BOOST_DESCRIBE_STRUCT(ItemStats, (), (total, categories, other_categories, prices, days))

}  // namespace app
