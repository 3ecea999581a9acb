#include <gtest/gtest.h>

#include <web/http.hpp>

namespace {

TEST(Headers, AreFoundWhateverTheirCase) {
    web::Headers headers{{"Content-Type", "text/plain"}};
    EXPECT_EQ(headers.find("content-TYPE"), "text/plain");
    EXPECT_EQ(headers.find("Content"), std::nullopt);
}

TEST(Headers, JoinRepeatedFields) {
    web::Headers headers{{"Accept", "a"}, {"Host", "x"}, {"accept", "b"}};
    EXPECT_EQ(headers.joined("Accept"), "a, b");
    EXPECT_EQ(headers.joined("Vary"), std::nullopt);
}

TEST(Headers, SetReplacesEveryFieldOfThatName) {
    web::Headers headers{{"Vary", "a"}, {"vary", "b"}};
    headers.set("Vary", "c");
    EXPECT_EQ(headers.joined("Vary"), "c");
    EXPECT_EQ(headers.size(), 1U);
}

TEST(Methods, AreReadAndPrinted) {
    EXPECT_EQ(web::parse_method("PATCH"), web::Method::kPatch);
    EXPECT_EQ(web::parse_method("patch"), std::nullopt);
    EXPECT_EQ(web::to_string(web::Method::kDelete), "DELETE");
}

TEST(Methods, AreSafeWhenTheyChangeNothing) {
    EXPECT_TRUE(web::is_safe(web::Method::kHead));
    EXPECT_FALSE(web::is_safe(web::Method::kDelete));
}

}  // namespace
