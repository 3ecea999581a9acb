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

TEST(ParseOrigin, GivesTheFormOfBrowsers) {
    EXPECT_EQ(web::parse_origin("https://API.example.org"), "https://api.example.org");
    EXPECT_EQ(web::parse_origin("https://example.org:443"), "https://example.org");
    EXPECT_EQ(web::parse_origin("http://localhost:3000"), "http://localhost:3000");
    EXPECT_EQ(web::parse_origin("http://[::1]:80"), "http://[::1]");
}

TEST(ParseOrigin, RefusesWhatIsNone) {
    for (const auto* text :
         {"", "example.org", "https://", "https://:443", "https://host/", "https://host/path",
          "https://host?q", "https://user@host", "ftp://host", "http://[[[", "https://host:999999",
          "https://host:0", "https://host; script-src *", "https://*.example.org", "null"}) {
        EXPECT_EQ(web::parse_origin(text), std::nullopt) << text;
    }
}

}  // namespace
