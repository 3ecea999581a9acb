#include <limits>

#include <gtest/gtest.h>

#include <schema/text.hpp>

namespace {

std::string quoted(std::string_view text) {
    std::string out;
    schema::append_json_string(out, text);
    return out;
}

TEST(JsonString, EscapesWhatJsonForbids) {
    using namespace std::string_view_literals;
    EXPECT_EQ(quoted("plain"), R"("plain")");
    EXPECT_EQ(quoted("a\"b\\c\n\t\x01"), R"("a\"b\\c\n\t\u0001")");
    EXPECT_EQ(quoted("a\0b"sv), R"("a\u0000b")");
    EXPECT_EQ(quoted("año 🚀"), "\"año 🚀\"");
}

TEST(JsonString, ReplacesInvalidUtf8) {
    EXPECT_EQ(quoted("a\xFF\xC3"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(Json, WritesNumbersPlainly) {
    std::string out;
    schema::append_json(out, {9.5, 9999999999.99, 0, -3, true, nullptr});
    EXPECT_EQ(out, "[9.5,9999999999.99,0,-3,true,null]");
}

TEST(Json, WritesNullForWhatIsNoNumber) {
    std::string out;
    schema::append_json(
        out, {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()});
    EXPECT_EQ(out, "[null,null]");
}

TEST(Json, IndentsOnRequest) {
    std::string out;
    schema::append_json(out, {{"a", {1, 2}}, {"b", boost::json::object()}}, 2);
    EXPECT_EQ(out, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

}  // namespace
