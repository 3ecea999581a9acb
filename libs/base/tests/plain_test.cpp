#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <base/plain.hpp>

namespace {

template <class T>
struct FromQuery : base::Plain<T> {
    using base::Plain<T>::Plain;
};

std::size_t length_of(const std::string& text) {
    return text.size();
}

TEST(Plain, IsUsedAsTheValueThatItHolds) {
    const FromQuery<std::int32_t> limit(20);
    EXPECT_EQ(limit + 1, 21);
    const FromQuery<bool> wanted(true);
    EXPECT_TRUE(wanted);
}

TEST(Plain, HasTheMembersOfAClass) {
    FromQuery<std::string> name(std::string("Lamp"));
    EXPECT_EQ(length_of(name), 4U);
    const std::string moved = std::move(name);
    EXPECT_EQ(moved, "Lamp");
    const FromQuery<std::optional<int>> none(std::nullopt);
    EXPECT_FALSE(none.has_value());
}

}  // namespace
