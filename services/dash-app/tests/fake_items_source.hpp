// Items without an API: what the tests of callbacks ask.
#pragma once

#include <vector>

#include <services/items_source.hpp>

namespace app::tests {

class FakeItemsSource final : public ItemsSource {
public:
    base::Task<std::variant<Listing, ItemsProblem>> newest(
        std::optional<std::string> category) override {
        if (problem) co_return *problem;
        Listing listing{.complete = complete};
        for (const auto& item : items) {
            if (!category || item.category == *category) listing.items.push_back(item);
        }
        co_return listing;
    }

    std::vector<Item> items;
    bool complete = true;
    std::optional<ItemsProblem> problem;
};

inline Item item(std::string name, std::string category, std::int64_t cents,
                 std::int32_t quantity) {
    return {.id = 1,
            .name = std::move(name),
            .category = std::move(category),
            .price = base::Decimal<2>::from_units(cents),
            .quantity = quantity};
}

}  // namespace app::tests
