#include <cstdint>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/described.hpp>

namespace {

struct Named {
    std::string name;
    std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(Named, (), (name, note))

struct Numbered {
    std::int64_t id;
};
BOOST_DESCRIBE_STRUCT(Numbered, (), (id))

struct Row : Numbered, Named {
    std::int32_t low;
    std::int32_t high;
};
BOOST_DESCRIBE_STRUCT(Row, (Numbered, Named), (low, high))

// Descriptions that would fill members with each other's values; reading these does not compile.
struct Swapped {
    std::int32_t first;
    std::int32_t second;
};
BOOST_DESCRIBE_STRUCT(Swapped, (), (second, first))

struct Forgetful {
    std::string first;
    std::optional<std::int32_t> second;
};
BOOST_DESCRIBE_STRUCT(Forgetful, (), (first))

struct SwappedBases : Named, Numbered {};
BOOST_DESCRIBE_STRUCT(SwappedBases, (Numbered, Named), ())

struct ForgottenBase : Numbered {
    std::int32_t low;
};
BOOST_DESCRIBE_STRUCT(ForgottenBase, (), (low))

TEST(Described, ListsTheMembersOfBasesFirst) {
    EXPECT_THAT(base::kMemberNames<Row>, testing::ElementsAre("id", "name", "note", "low", "high"));
}

TEST(Described, IsMadeOfItsMembers) {
    const auto row = base::make_described<Row>(std::int64_t{7}, std::string("Lamp"),
                                               std::optional<std::string>(), 1, 2);
    EXPECT_EQ(row.id, 7);
    EXPECT_EQ(row.name, "Lamp");
    EXPECT_EQ(row.note, std::nullopt);
    EXPECT_EQ(row.low, 1);
    EXPECT_EQ(row.high, 2);
}

TEST(Described, RefusesAWrongDescriptionAtCompileTime) {
    static_assert(base::kFullyDescribed<Named>);
    static_assert(base::kFullyDescribed<Row>);
    static_assert(!base::kFullyDescribed<Swapped>);
    static_assert(!base::kFullyDescribed<Forgetful>);
    static_assert(!base::kFullyDescribed<SwappedBases>);
    static_assert(!base::kFullyDescribed<ForgottenBase>);
}

}  // namespace
