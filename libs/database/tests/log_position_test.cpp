// Positions in a change log, as clients send them back.
#include <gtest/gtest.h>

#include <database/log_position.hpp>

namespace {

using database::LogPosition;

TEST(LogPosition, ReadsWhatItWrites) {
    const LogPosition position{.transaction = 18'446'744'073'709'551'615U, .id = 12};
    EXPECT_EQ(position.to_string(), "18446744073709551615-12");
    EXPECT_EQ(LogPosition::parse(position.to_string()), position);
}

TEST(LogPosition, IsNoOtherText) {
    for (const auto* text : {"", "7", "7-", "-3", "7-3x", "07-3", "7-+3", " 7-3", "7--3-",
                             "18446744073709551616-1", "7-9223372036854775808"}) {
        EXPECT_EQ(LogPosition::parse(text), std::nullopt) << text;
    }
}

TEST(LogPosition, GoesByTransactionBeforeId) {
    EXPECT_LT((LogPosition{1, 9}), (LogPosition{2, 3}));
    EXPECT_LT((LogPosition{2, 3}), (LogPosition{2, 4}));
}

}  // namespace
