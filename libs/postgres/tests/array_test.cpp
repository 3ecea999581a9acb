#include <gtest/gtest.h>

#include <postgres/array.hpp>
#include <postgres/enum.hpp>

namespace {

using namespace postgres;

enum class Status { draft, sold };
BOOST_DESCRIBE_ENUM(Status, draft, sold)

template <class T>
std::string encoded(const std::vector<T>& values) {
    std::string out;
    Type<std::vector<T>>::encode(values, out);
    return out;
}
template <class T>
std::vector<T> decoded(std::string_view text) {
    return Type<std::vector<T>>::decode(text);
}

TEST(TypeArray, QuotesWhatIsNotANumber) {
    EXPECT_EQ(encoded<int>({}), "{}");
    EXPECT_EQ(encoded<int>({1, -2}), "{1,-2}");
    EXPECT_EQ(encoded<bool>({true, false}), "{t,f}");
    EXPECT_EQ(encoded<std::string>({"", "a\"b\\c,{}", "NULL"}), R"({"","a\"b\\c,{}","NULL"})");
    EXPECT_EQ(encoded<std::optional<std::string>>({std::nullopt, "x"}), R"({NULL,"x"})");
    EXPECT_EQ(encoded<Status>({Status::sold}), R"({"sold"})");
}

TEST(TypeArray, ReadsWhatPostgresWrites) {
    EXPECT_EQ(decoded<int>("{}"), std::vector<int>());
    EXPECT_EQ(decoded<int>("{1,-2}"), (std::vector<int>{1, -2}));
    EXPECT_EQ(decoded<bool>("{t,f}"), (std::vector<bool>{true, false}));
    EXPECT_EQ(decoded<std::string>(R"({a,"","b c","NULL","\"\\,{}"})"),
              (std::vector<std::string>{"a", "", "b c", "NULL", "\"\\,{}"}));
    EXPECT_EQ(decoded<std::optional<int>>("{NULL,3}"),
              (std::vector<std::optional<int>>{std::nullopt, 3}));
    EXPECT_EQ(decoded<Status>("{sold,draft}"), (std::vector<Status>{Status::sold, Status::draft}));
}

TEST(TypeArray, RefusesWhatAVectorCannotHold) {
    for (const char* text : {"", "{", "1", "[2:3]={1,2}", "{{1,2},{3,4}}", "{NULL}", "{\"1}"}) {
        EXPECT_THROW(static_cast<void>(decoded<int>(text)), DecodeError) << text;
    }
    EXPECT_THROW(static_cast<void>(decoded<Status>("{gone}")), DecodeError);
    EXPECT_THROW(encoded<std::string>({std::string("a\0b", 3)}), EncodeError);
    EXPECT_THROW(encoded<Status>({static_cast<Status>(7)}), EncodeError);
}

TEST(TypeArray, ReadsArraysOfItsElementsOnly) {
    constexpr Oid kInt4Array = 1007, kTextArray = 1009;
    EXPECT_TRUE(Type<std::vector<std::int32_t>>::reads(kInt4Array));
    EXPECT_FALSE(Type<std::vector<std::int16_t>>::reads(kInt4Array));
    EXPECT_FALSE(Type<std::vector<std::int32_t>>::reads(oid::kInt4));
    EXPECT_TRUE(Type<std::vector<std::string>>::reads(kTextArray));
    EXPECT_FALSE(Type<std::vector<std::string>>::reads(oid::kText));
    EXPECT_TRUE(Type<std::vector<Status>>::reads(oid::kFirstOfDatabase + 1));
}

struct Row {
    std::string name;
    std::optional<int> quantity;
};
BOOST_DESCRIBE_STRUCT(Row, (), (name, quantity))

TEST(Columns, AreTheMembersOfAllRows) {
    const std::vector<Row> rows{{"a", 1}, {"b", std::nullopt}};
    const Params params = columns(rows);
    ASSERT_EQ(params.size(), 2);
    EXPECT_STREQ(params.value(0), R"({"a","b"})");
    EXPECT_STREQ(params.value(1), "{1,NULL}");
    EXPECT_STREQ(columns(std::vector<Row>()).value(0), "{}");
}

static_assert(!Parameter<std::vector<std::vector<int>>>, "arrays of arrays do not exist");

}  // namespace
