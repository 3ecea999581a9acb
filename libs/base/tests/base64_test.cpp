#include <gtest/gtest.h>

#include <base/base64.hpp>

namespace {

TEST(Base64Url, WritesTheVectorsOfTheStandardWithoutPadding) {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(base::encode_base64url(bytes), text);
        EXPECT_EQ(base::decode_base64url(text), bytes);
    }
}

TEST(Base64Url, UsesTheAlphabetForUrls) {
    EXPECT_EQ(base::encode_base64url("\xFB\xFF\xFE"), "-__-");
    EXPECT_EQ(base::decode_base64url("-__-"), "\xFB\xFF\xFE");
    EXPECT_EQ(base::decode_base64url("+//+"), std::nullopt);
}

TEST(Base64Url, KeepsEveryByte) {
    std::string bytes;
    for (int value = 0; value < 256; ++value) {
        bytes += static_cast<char>(value);
        EXPECT_EQ(base::decode_base64url(base::encode_base64url(bytes)), bytes);
    }
}

TEST(Base64Url, ReadsOneSpellingOfAValueOnly) {
    // Padding, a stray character, a length that no bytes have, and unused bits that are set.
    for (const auto* text : {"Zg==", "Zm8=", "Zm 8", "Zm8\n", "*", "A", "AAAAA", "Zh", "Zm9"}) {
        EXPECT_EQ(base::decode_base64url(text), std::nullopt) << text;
    }
}

}  // namespace
