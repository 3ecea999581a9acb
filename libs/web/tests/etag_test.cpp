#include <gtest/gtest.h>

#include <web/etag.hpp>

namespace {

TEST(EntityTags, MatchStronglyOrWeakly) {
    const auto tags = web::parse_entity_tags(R"("a", W/"b" ,"c,d")");
    ASSERT_TRUE(tags);
    EXPECT_TRUE(tags->match_strongly("a"));
    EXPECT_FALSE(tags->match_strongly("b"));
    EXPECT_TRUE(tags->match_weakly("b"));
    EXPECT_TRUE(tags->match_strongly("c,d"));
    EXPECT_FALSE(tags->match_weakly("e"));
}

TEST(EntityTags, MayHaveEmptyListElements) {
    const auto tags = web::parse_entity_tags(R"(, "a",, "b" ,)");
    ASSERT_TRUE(tags);
    EXPECT_EQ(tags->tags.size(), 2U);
    EXPECT_FALSE(web::parse_entity_tags(" , ,"));
}

TEST(EntityTags, MatchAnythingByAStar) {
    EXPECT_TRUE(web::parse_entity_tags("*")->match_strongly("whatever"));
}

TEST(EntityTags, RefuseOtherForms) {
    for (const auto* text : {"", "a", "\"a", "\"a\" \"b\"", "w/\"a\"", "*, \"a\"", "\"a b\""}) {
        EXPECT_FALSE(web::parse_entity_tags(text)) << text;
    }
    std::string many = "\"a\"";
    for (int i = 0; i < 32; ++i)
        many += ",\"a\"";
    EXPECT_FALSE(web::parse_entity_tags(many));
}

}  // namespace
