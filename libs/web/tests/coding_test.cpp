// Which coding of a file Accept-Encoding asks for.
#include "coding.hpp"

#include <gtest/gtest.h>

namespace {

using web::Coding;

TEST(ChooseCoding, FollowsTheWeights) {
    EXPECT_EQ(web::choose_coding("gzip, deflate, br"), Coding::kBrotli);
    EXPECT_EQ(web::choose_coding("gzip, deflate"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding("br;q=0.5, GZIP ; q=0.8"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding("*"), Coding::kBrotli);
    EXPECT_EQ(web::choose_coding("*;q=0.5, br;q=0"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding("gzip;q=0.2, identity;q=0.9"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("gzip;q=0.2, identity;q=0"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding(""), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("identity;q=0, *;q=0"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("gzip;q=0.000"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("gzip;q=2, br;q=x, deflate"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding(",;,=;q"), Coding::kIdentity);
}

}  // namespace
