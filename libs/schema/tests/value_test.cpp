#include <gtest/gtest.h>

#include <schema/value.hpp>

namespace {

using schema::SyntaxError;
using schema::Value;

Value parsed(std::string_view text) {
    auto result = schema::parse(text);
    EXPECT_TRUE(std::holds_alternative<Value>(result)) << text;
    return std::get<Value>(std::move(result));
}

SyntaxError refused(std::string_view text) {
    auto result = schema::parse(text);
    EXPECT_TRUE(std::holds_alternative<SyntaxError>(result)) << text;
    return std::get<SyntaxError>(std::move(result));
}

TEST(Parse, KeepsNumbersAsTheyWereWritten) {
    for (const auto* text : {"1.005", "1e999", "-0.10", "99999999999999999999", "0",
                             "12345678901234567890.123456789"}) {
        const auto value = parsed(text);
        EXPECT_EQ(value.kind, Value::Kind::kNumber);
        EXPECT_EQ(value.text, text);
    }
    const auto list = parsed("[1.50, 2]");
    EXPECT_EQ(list.items[0].text, "1.50");
    EXPECT_EQ(list.items[1].text, "2");
}

TEST(Parse, KeepsRepeatedMembers) {
    const auto value = parsed(R"({"a": 1, "b": {"c": []}, "a": "x\u00e9\n"})");
    ASSERT_EQ(value.members.size(), 3U);
    EXPECT_EQ(value.members[0].name, "a");
    EXPECT_EQ(value.members[1].value.members[0].name, "c");
    EXPECT_EQ(value.members[2].name, "a");
    EXPECT_EQ(value.members[2].value.text, "x\xC3\xA9\n");
}

TEST(Parse, SaysWhereTheTextStopsBeingJson) {
    const auto error = refused("{\"a\": 1,\n  \"b\": }");
    EXPECT_EQ(error.line, 2U);
    EXPECT_EQ(error.column, 8U);
    EXPECT_EQ(error.offset, 16U);
    EXPECT_FALSE(error.message.empty());
}

TEST(Parse, RefusesWhatIsNoJsonText) {
    for (const auto* text :
         {"", " ", "{", "[1,]", "{'a':1}", "nul", "01", "1 2", "\"\xFF\"", "[NaN]", "// c\n1"}) {
        refused(text);
    }
}

TEST(Parse, RefusesAnExponentBeyondItsRange) {
    for (const auto* text : {"1e99999999999999", "-1.5E+99999999999999", "1e-99999999999999"}) {
        EXPECT_EQ(refused(text).message, "the exponent of a number is too large") << text;
    }
    EXPECT_EQ(parsed("1e999999999").text, "1e999999999");
    EXPECT_EQ(parsed("1e0000000000000001").text, "1e0000000000000001");
}

TEST(Parse, LimitsTheNesting) {
    EXPECT_NO_THROW(parsed(std::string(32, '[') + std::string(32, ']')));
    refused(std::string(33, '[') + std::string(33, ']'));
    refused(std::string(100'000, '['));
}

// An array of so many zeros; the array is a value too.
std::string zeros(std::size_t count) {
    std::string text = "[0";
    for (std::size_t i = 1; i < count; ++i)
        text += ",0";
    return text + "]";
}

TEST(Parse, LimitsTheNumberOfValues) {
    EXPECT_EQ(parsed(zeros(schema::kMaxValues - 1)).items.size(), schema::kMaxValues - 1);
    EXPECT_EQ(refused(zeros(schema::kMaxValues)).message, "more than 50000 values");
    EXPECT_EQ(refused(zeros(500'000)).message, "more than 50000 values");
}

TEST(Parse, CountsMembersAndNestedValues) {
    std::string members = R"({"a":[])";
    for (std::size_t i = 1; i < schema::kMaxValues - 1; ++i)
        members += R"(,"a":[])";
    parsed(members + "}");
    EXPECT_EQ(refused(members + R"(,"a":[]})").message, "more than 50000 values");
}

}  // namespace
