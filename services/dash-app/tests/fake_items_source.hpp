// Items without an API: what the tests of callbacks ask.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include <services/items_source.hpp>

namespace app::tests {

struct StoredItem {
    std::string category;
    Item item;
};

inline StoredItem item(std::string name, std::string category, std::int64_t cents,
                       std::int32_t quantity) {
    return {.category = std::move(category),
            .item = {.name = std::move(name),
                     .price = base::Decimal<2>::from_units(cents),
                     .quantity = quantity}};
}

/// Price ranges without items, with these limits in whole units.
inline std::vector<PriceRange> price_ranges(const std::vector<std::int64_t>& limits) {
    std::vector<PriceRange> ranges;
    for (const auto limit : limits) {
        const auto low = base::Decimal<2>::from_units(limit * 100);
        if (!ranges.empty()) ranges.back().high = low;
        ranges.push_back({.low = low, .high = {}, .items = 0});
    }
    return ranges;
}

/// What the API says of items, the newest of which is the first.
inline Stock stock_of(const std::vector<StoredItem>& items,
                      const std::optional<Selection>& selection = std::nullopt) {
    Stock stock{.statistics = {.total = {},
                               .categories = {},
                               .other_categories = {},
                               .prices = price_ranges({0, 10, 25, 10'000})},
                .listing = {}};
    if (selection) stock.listing.emplace();
    auto& [total, categories, others, prices] = stock.statistics;
    std::map<std::string, CategoryTotals> by_category;
    for (const auto& [category, item] : items) {
        auto& totals = by_category[category];
        totals.category = category;
        ++totals.items;
        totals.quantity += item.quantity;
        totals.value.units_ += item.price.units() * item.quantity;
        ++total.items;
        ++std::prev(std::ranges::upper_bound(prices, item.price, {}, &PriceRange::low))->items;
        if (!selection || selection->category != category) continue;
        ++stock.listing->total;
        stock.listing->items.push_back(item);
    }
    for (auto& [name, totals] : by_category)
        categories.push_back(totals);
    if (stock.listing) {
        auto& listed = stock.listing->items;
        if (selection->order == Order::kMostUnits) {
            std::ranges::sort(listed, std::ranges::greater(), &Item::quantity);
        }
        if (selection->order == Order::kDearest) {
            std::ranges::sort(listed, std::ranges::greater(), &Item::price);
        }
        listed.resize(std::min(listed.size(), kMaxListed));
    }
    return stock;
}

class FakeItemsSource final : public ItemsSource {
public:
    base::Task<std::variant<Stock, ItemsProblem>> read(
        std::optional<Selection> selection) override {
        if (problem) co_return *problem;
        co_return stock_of(items, selection);
    }

    std::vector<StoredItem> items;
    std::optional<ItemsProblem> problem;
};

}  // namespace app::tests
