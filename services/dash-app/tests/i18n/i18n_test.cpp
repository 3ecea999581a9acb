#include <gtest/gtest.h>
#include <i18n/language.hpp>
#include <i18n/texts.hpp>

namespace {

using app::kEnglish;
using app::kSpanish;
using app::preferred_language;

TEST(PreferredLanguage, FollowsTheWeights) {
    EXPECT_EQ(preferred_language("es-MX,es;q=0.9,en;q=0.8"), kSpanish);
    EXPECT_EQ(preferred_language("es;q=0.5, en;q=0.9"), kEnglish);
    EXPECT_EQ(preferred_language("fr, ES;q=0.3"), kSpanish);
    EXPECT_EQ(preferred_language("en;Q=0.3, es ; Q=0.4"), kSpanish);
    EXPECT_EQ(preferred_language("en,es"), kEnglish);
}

TEST(PreferredLanguage, IsEnglishOtherwise) {
    for (const auto* header : {"", "fr", "es;q=0", "*", ",,;q=", "estonian"})
        EXPECT_EQ(preferred_language(header), kEnglish) << header;
}

TEST(Texts, FillInValues) {
    EXPECT_EQ(app::fill("{} items", "3"), "3 items");
}

TEST(Texts, WriteNumbersAsTheLanguageDoes) {
    EXPECT_EQ(app::format_count(999, kEnglish), "999");
    EXPECT_EQ(app::format_count(1234, kEnglish), "1,234");
    EXPECT_EQ(app::format_count(1234, kSpanish), "1234");
    EXPECT_EQ(app::format_count(1234567, kSpanish), "1.234.567");
    EXPECT_EQ(app::format_amount(12345.5, kEnglish), "12,345.50");
    EXPECT_EQ(app::format_amount(12345.5, kSpanish), "12.345,50");
}

}  // namespace
