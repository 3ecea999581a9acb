#include <gtest/gtest.h>

#include <web/url.hpp>

namespace {

TEST(PercentDecode, DecodesAndRefuses) {
    EXPECT_EQ(web::percent_decode("caf%C3%A9+a"), "caf\xC3\xA9+a");
    EXPECT_EQ(web::percent_decode("a+b%2B", true), "a b+");
    for (const auto* text : {"%", "%4", "%zz", "%+1", "% 1", "a%2"}) {
        EXPECT_EQ(web::percent_decode(text), std::nullopt) << text;
    }
}

TEST(PercentEncode, IsUndoneByDecoding) {
    const std::string text = "a/b c\xC3\xA9?&=%";
    EXPECT_EQ(web::percent_encode("a/b c"), "a%2Fb%20c");
    EXPECT_EQ(web::percent_decode(web::percent_encode(text)), text);
}

TEST(ParseQuery, KeepsOrderAndRepetition) {
    const web::QueryFields expected{{"a", "1"}, {"b", ""}, {"a", "x=y"}, {"c d", ""}};
    EXPECT_EQ(web::parse_query("a=1&b=&&a=x=y&c+d"), expected);
    EXPECT_EQ(web::parse_query(""), web::QueryFields{});
    EXPECT_EQ(web::parse_query("a=%"), std::nullopt);
}

}  // namespace
