#include <gtest/gtest.h>

#include <postgres/params.hpp>
#include <postgres/row.hpp>

namespace {

enum class Colour { kRed, kBlue };

}  // namespace

// How a user teaches the library a type.
template <>
struct postgres::Type<Colour> {
    static void encode(Colour colour, std::string& out) {
        out += colour == Colour::kRed ? "red" : "blue";
    }
    static Colour decode(std::string_view text) {
        if (text == "red") return Colour::kRed;
        if (text == "blue") return Colour::kBlue;
        throw DecodeError("not a colour: " + std::string(text));
    }
    static constexpr bool reads(Oid) { return true; }
};

namespace {

using postgres::Params;

TEST(Params, EncodesEachArgumentInOrder) {
    const std::string text = "ñandú";
    const Params params(7, text, std::string_view("view").substr(0, 2), "literal", true,
                        std::optional<std::int64_t>(), std::nullopt,
                        std::optional<std::string>("given"), Colour::kBlue);
    ASSERT_EQ(params.size(), 9);
    EXPECT_STREQ(params.value(0), "7");
    EXPECT_STREQ(params.value(1), "ñandú");
    EXPECT_STREQ(params.value(2), "vi");
    EXPECT_STREQ(params.value(3), "literal");
    EXPECT_STREQ(params.value(4), "t");
    EXPECT_EQ(params.value(5), nullptr);
    EXPECT_EQ(params.value(6), nullptr);
    EXPECT_STREQ(params.value(7), "given");
    EXPECT_STREQ(params.value(8), "blue");
}

TEST(Params, KeepsAnEmptyTextApartFromNull) {
    EXPECT_STREQ(Params("").value(0), "");
}

TEST(Params, RefusesANulCharacterRatherThanCutTheTextThere) {
    EXPECT_THROW(Params(std::string("a\0b", 3)), postgres::EncodeError);
    EXPECT_THROW(Params(base::Timestamp(std::chrono::sys_days(std::chrono::year(12026) / 1 / 1))),
                 postgres::EncodeError);
}

// What cannot be sent or read is a compile error.
struct Unknown {};
static_assert(!postgres::Parameter<Unknown>);
static_assert(!postgres::Parameter<std::optional<Unknown>>);
static_assert(!postgres::Parameter<unsigned long>);
static_assert(!postgres::RowType<Unknown>);
static_assert(postgres::RowType<Colour> && postgres::RowType<std::optional<std::string>>);

}  // namespace
