#include "literals.hpp"

#include <gtest/gtest.h>

namespace {

using postgres::Params, postgres::with_literals;

TEST(Literals, StandForParameters) {
    EXPECT_EQ(with_literals("select $1, $2 where a = $1", Params(7, std::nullopt)),
              "select '7', null where a = '7'");
    EXPECT_EQ(with_literals("$10$1", Params("a", 2, 3, 4, 5, 6, 7, 8, 9, "j")), "'j''a'");
}

TEST(Literals, AreQuoted) {
    EXPECT_EQ(with_literals("$1", Params("it's '' $1")), "'it''s '''' $1'");
    EXPECT_EQ(with_literals("$1", Params("\\'; drop table t; --")), "E'\\\\''; drop table t; --'");
}

TEST(Literals, LeaveQuotedTextAlone) {
    EXPECT_EQ(with_literals("select '$1', \"$2\", 'it''s $3', $1", Params("x")),
              "select '$1', \"$2\", 'it''s $3', 'x'");
}

TEST(Literals, NeedAnArgumentForEachParameter) {
    EXPECT_THROW(static_cast<void>(with_literals("$2", Params(1))), std::logic_error);
    EXPECT_THROW(static_cast<void>(with_literals("$0", Params(1))), std::logic_error);
    EXPECT_THROW(static_cast<void>(with_literals("$$ $$", Params(1))), std::logic_error);
}

}  // namespace
