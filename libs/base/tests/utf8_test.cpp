#include <gtest/gtest.h>

#include <base/utf8.hpp>

namespace {

namespace utf8 = base::utf8;

TEST(Utf8, CountsCodePoints) {
    EXPECT_EQ(utf8::length(""), 0U);
    EXPECT_EQ(utf8::length("año"), 3U);
    EXPECT_EQ(utf8::length("\xF0\x9F\x9A\x80"), 1U);
}

TEST(Utf8, RefusesInvalidSequences) {
    for (const auto* text : {"\xFF", "\xC3", "\xC3(", "\xC0\x80", "\xED\xA0\x80",
                             "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "a\x80"}) {
        EXPECT_EQ(utf8::length(text), std::nullopt);
    }
}

TEST(Utf8, FindsControlCharacters) {
    using namespace std::string_view_literals;
    EXPECT_FALSE(utf8::has_control_characters("plain text, año"));
    EXPECT_TRUE(utf8::has_control_characters("a\0b"sv));
    EXPECT_TRUE(utf8::has_control_characters("a\x7F"));
    EXPECT_TRUE(utf8::has_control_characters("a\xC2\x85"));
    EXPECT_TRUE(utf8::has_control_characters("a\nb"));
    EXPECT_FALSE(utf8::has_control_characters("a\nb\tc", true));
}

TEST(Utf8, TrimsUnicodeSpacesAtBothEnds) {
    EXPECT_EQ(utf8::trim(" \t a b \n"), "a b");
    EXPECT_EQ(utf8::trim("\xE3\x80\x80 a\xC2\xA0"), "a");
    EXPECT_EQ(utf8::trim(" \xE2\x80\x83 "), "");
}

}  // namespace
