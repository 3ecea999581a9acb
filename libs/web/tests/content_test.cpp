#include <gtest/gtest.h>

#include <web/content.hpp>

namespace {

constexpr auto kJson = "application/json";

TEST(MediaType, LeavesParametersOut) {
    EXPECT_EQ(web::media_type("application/json; charset=utf-8"), "application/json");
    EXPECT_EQ(web::media_type(" text/html"), "text/html");
}

TEST(Accepts, TakesTheMostSpecificRange) {
    EXPECT_TRUE(web::accepts("", kJson));
    EXPECT_TRUE(web::accepts("*/*", kJson));
    EXPECT_TRUE(web::accepts("text/html, application/*;q=0.5", kJson));
    EXPECT_TRUE(web::accepts("text/html;q=0.9, Application/JSON", kJson));
    EXPECT_FALSE(web::accepts("text/html", kJson));
    EXPECT_FALSE(web::accepts("*/*, application/json;q=0", kJson));
    EXPECT_TRUE(web::accepts("*/*;q=0.0, application/json;q=0.001", kJson));
    EXPECT_TRUE(web::accepts("nonsense", kJson));
}

}  // namespace
