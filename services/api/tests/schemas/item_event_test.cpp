// The ids of events on the wire.
#include <gtest/gtest.h>
#include <schemas/item_event.hpp>

namespace {

using app::EventPosition;

TEST(EventPosition, ReadsWhatItWrites) {
    const EventPosition position{.transaction = 18'446'744'073'709'551'615U, .id = 12};
    EXPECT_EQ(position.to_string(), "18446744073709551615-12");
    EXPECT_EQ(EventPosition::parse(position.to_string()), position);
}

TEST(EventPosition, IsNoOtherText) {
    for (const auto* text : {"", "7", "7-", "-3", "7-3x", "07-3", "7-+3", " 7-3", "7--3-",
                             "18446744073709551616-1", "7-9223372036854775808"}) {
        EXPECT_EQ(EventPosition::parse(text), std::nullopt) << text;
    }
}

TEST(EventPosition, GoesByTransactionBeforeId) {
    EXPECT_LT((EventPosition{1, 9}), (EventPosition{2, 3}));
    EXPECT_LT((EventPosition{2, 3}), (EventPosition{2, 4}));
}

}  // namespace
