#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <web/content.hpp>

namespace {

using testing::ElementsAre;

constexpr auto kJson = "application/json";

TEST(MediaType, LeavesParametersOut) {
    EXPECT_EQ(web::media_type("application/json; charset=utf-8"), "application/json");
    EXPECT_EQ(web::media_type(" text/html"), "text/html");
}

// The weights of all elements; -1 for one that is malformed.
std::vector<int> weights(std::string_view header) {
    std::vector<int> result;
    while (const auto preference = web::take_preference(header))
        result.push_back(preference->weight.value_or(-1));
    return result;
}

// RFC 9110, section 12.4.2.
TEST(Preferences, HaveWeights) {
    EXPECT_THAT(weights("br"), ElementsAre(1000));
    EXPECT_THAT(weights("a;q=1, b;q=1.0, c;q=1.000, d;q=1."), ElementsAre(1000, 1000, 1000, 1000));
    EXPECT_THAT(weights("a;q=0, b;q=0.0, c;q=0.000, d;q=0."), ElementsAre(0, 0, 0, 0));
    EXPECT_THAT(weights("a;q=0.5, b;q=0.25, c;q=0.123, d;q=0.001"), ElementsAre(500, 250, 123, 1));
    EXPECT_THAT(weights("a ; Q=0.5,b\t;\tq=0.3"), ElementsAre(500, 300));
    EXPECT_THAT(weights("text/html;level=1;q=0.4;x=y"), ElementsAre(400));
}

TEST(Preferences, HaveNoWeightInAnotherForm) {
    for (const auto* value : {"", "2", "1.001", "1.5", "0.1234", "1.0000", "-0.5", "+0.5", ".5",
                              "00.5", "0.x", "0x1", "x", "1e-1", "0.5 1", "\"0.5\""}) {
        EXPECT_THAT(weights("gzip;q=" + std::string(value)), ElementsAre(-1)) << value;
    }
    EXPECT_THAT(weights("gzip;q"), ElementsAre(-1));
}

TEST(Preferences, AreTakenOneByOne) {
    std::string_view header = " ,de-CH , ,\tfr;q=0.5, ;q=1,";
    EXPECT_EQ(web::take_preference(header)->value, "de-CH");
    EXPECT_EQ(web::take_preference(header)->value, "fr");
    EXPECT_FALSE(web::take_preference(header));
    EXPECT_EQ(header, "");
}

TEST(Accepts, TakesTheMostSpecificRange) {
    EXPECT_TRUE(web::accepts("", kJson));
    EXPECT_TRUE(web::accepts("*/*", kJson));
    EXPECT_TRUE(web::accepts("text/html, application/*;q=0.5", kJson));
    EXPECT_TRUE(web::accepts("text/html;q=0.9, Application/JSON", kJson));
    EXPECT_FALSE(web::accepts("text/html", kJson));
    EXPECT_FALSE(web::accepts("*/*, application/json;q=0", kJson));
    EXPECT_TRUE(web::accepts("*/*;q=0.0, application/json;q=0.001", kJson));
}

TEST(Accepts, AllowsEverythingWhenMalformed) {
    for (const auto* header : {"nonsense", "text/html;q=x", "text/html, *; q=.2", ", ,"})
        EXPECT_TRUE(web::accepts(header, kJson)) << header;
}

}  // namespace
