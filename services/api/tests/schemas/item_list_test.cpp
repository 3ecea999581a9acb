#include <gtest/gtest.h>
#include <schemas/item_list.hpp>

namespace {

using app::ItemCursor;
using app::ItemSort;

ItemCursor cursor(std::string_view sort, std::string value, std::int64_t id) {
    return {*ItemSort::parse(sort), std::move(value), app::ItemId::trusted(id)};
}

TEST(ItemCursor, SurvivesTheRoundTrip) {
    for (const auto& original : {cursor("id", "", 1), cursor("-name", "a|b \"ñ\" 🚀", INT64_MAX),
                                 cursor("price", "0.10", 2), cursor("-quantity", "2147483647", 3),
                                 cursor("created_at", "2026-01-01T00:00:00.000001Z", 4)}) {
        EXPECT_EQ(ItemCursor::parse(original.to_string()), original) << original.to_string();
    }
}

TEST(ItemCursor, RefusesValuesThatTheColumnCannotHave) {
    for (const auto& forged :
         {cursor("id", "1", 1), cursor("price", "cheap", 1), cursor("price", "1.001", 1),
          cursor("price", "0e9999999999", 1), cursor("price", "1.5", 1),
          cursor("price", "-0.01", 1), cursor("quantity", "007", 1),
          cursor("created_at", "0000-01-01T00:00:00.000000Z", 1),
          cursor("created_at", "2020-01-01T00:00:00+16:00", 1),
          cursor("created_at", "2020-01-01T00:00:00Z", 1), cursor("quantity", "-1", 1),
          cursor("quantity", "2147483648", 1), cursor("created_at", "yesterday", 1),
          cursor("name", std::string("a\0b", 3), 1), cursor("name", "\xFF", 1),
          cursor("id", "", 0)}) {
        EXPECT_EQ(ItemCursor::parse(forged.to_string()), std::nullopt) << forged.value;
    }
}

TEST(ItemCursor, TakesTheValueThatTheOrderGoesBy) {
    const app::ItemRead item{{app::ItemId(3)},
                             {.name = app::ItemName(std::string("n")),
                              .category = app::ItemCategory(std::string("c")),
                              .price = app::ItemPrice(base::Decimal<2>::from_units(150)),
                              .quantity = app::ItemQuantity(9)},
                             {},
                             {}};
    const auto value = [&item](std::string_view sort) {
        return ItemCursor::after(item, *ItemSort::parse(sort)).value;
    };
    EXPECT_EQ(value("id"), "");
    EXPECT_EQ(value("-name"), "n");
    EXPECT_EQ(value("price"), "1.50");
    EXPECT_EQ(value("quantity"), "9");
    EXPECT_EQ(value("-created_at"), "1970-01-01T00:00:00.000000Z");
}

TEST(ItemCursor, RefusesOtherTexts) {
    for (const auto* text :
         {"", "x", "AAAA", "****", "aWR8MQ", "aWR8eHw", "aWR8MDF8", "aWR8MXx="}) {
        EXPECT_EQ(ItemCursor::parse(text), std::nullopt) << text;
    }
    EXPECT_EQ(ItemCursor::parse(std::string(10'000, 'A')), std::nullopt);
}

}  // namespace
