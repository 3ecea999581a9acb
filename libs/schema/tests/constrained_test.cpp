#include <gtest/gtest.h>

#include <schema/schema.hpp>

namespace {

using schema::Issue;
using schema::Issues;

using Name = schema::Constrained<std::string, schema::trimmed, schema::printable,
                                 schema::min_length(1), schema::max_length(5)>;
using Price = schema::Constrained<base::Decimal<2>, schema::ge(0),
                                  schema::le(base::Decimal<2>::from_units(999))>;

template <class T>
std::vector<std::string> codes(typename T::value_type value) {
    std::vector<Issue> issues;
    const auto result = T::parse(std::move(value), Issues(issues));
    EXPECT_EQ(result.has_value(), issues.empty());
    std::vector<std::string> found;
    for (const auto& issue : issues)
        found.push_back(issue.code);
    return found;
}

using Codes = std::vector<std::string>;

TEST(Constrained, CountsCodePointsAtBothBounds) {
    EXPECT_EQ(codes<Name>("a"), Codes{});
    EXPECT_EQ(codes<Name>("ñandú"), Codes{});
    EXPECT_EQ(codes<Name>("ñandús"), Codes{"string_too_long"});
    EXPECT_EQ(codes<Name>(""), Codes{"string_too_short"});
}

TEST(Constrained, NormalisesBeforeItChecks) {
    std::vector<Issue> issues;
    EXPECT_EQ(*Name::parse("  abc \n", Issues(issues)), "abc");
    EXPECT_EQ(codes<Name>("   "), Codes{"string_too_short"});
}

TEST(Constrained, ReportsEveryBrokenRule) {
    EXPECT_EQ(codes<Name>("a\x01__and more"), (Codes{"control_character", "string_too_long"}));
}

TEST(Constrained, BoundsExactDecimals) {
    EXPECT_EQ(codes<Price>(base::Decimal<2>::from_units(0)), Codes{});
    EXPECT_EQ(codes<Price>(base::Decimal<2>::from_units(999)), Codes{});
    EXPECT_EQ(codes<Price>(base::Decimal<2>::from_units(1000)), Codes{"less_than_equal"});
    EXPECT_EQ(codes<Price>(base::Decimal<2>::from_units(-1)), Codes{"greater_than_equal"});
}

TEST(Constrained, DocumentsItsRules) {
    boost::json::object schema;
    Name::document(schema);
    EXPECT_EQ(schema["minLength"], 1);
    EXPECT_EQ(schema["maxLength"], 5);
    EXPECT_EQ(schema["x-trimmed"], true);
    boost::json::object price;
    Price::document(price);
    EXPECT_EQ(price["minimum"], 0);
    EXPECT_EQ(price["maximum"], 9.99);
}

using Limit =
    schema::Default<schema::Constrained<std::int32_t, schema::ge(1), schema::le(100)>, 20>;
using Order = schema::Default<schema::OneOf<"asc", "desc">, base::FixedString("asc")>;

TEST(Default, HoldsItsValueUntilAnotherIsGiven) {
    EXPECT_EQ(Limit(), 20);
    EXPECT_EQ(Order().view(), "asc");
}

TEST(Constrained, IsReadWhereItsValueIs) {
    const Name name(std::string("abc"));
    const std::string& text = name;
    EXPECT_EQ(text, "abc");
    EXPECT_EQ(name, "abc");
    EXPECT_EQ(Limit() + 1, 21);
}

TEST(Constrained, RefusesAStatedValueThatBreaksItsRules) {
    EXPECT_THROW(Name(std::string("much too long")), std::invalid_argument);
}

TEST(Constrained, TakesStoredValuesAsTheyAre) {
    EXPECT_EQ(Name::trusted("stored by a newer release"), "stored by a newer release");
}

TEST(PlainText, HasNoQuotesAndReadsBackWithTheRules) {
    const auto price = schema::from_text<Price>("2.5");
    ASSERT_TRUE(price);
    EXPECT_EQ(schema::to_text(*price), "2.50");
    EXPECT_FALSE(schema::from_text<Price>("-1"));
    EXPECT_EQ(schema::to_text(Name(std::string("\"a\""))), "\"a\"");
    EXPECT_EQ(schema::to_text(base::Timestamp{}), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(schema::to_text(Order()), "asc");
}

}  // namespace
