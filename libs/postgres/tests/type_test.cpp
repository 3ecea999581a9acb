#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <postgres/type.hpp>

namespace {

using namespace postgres;

template <class T>
std::string encoded(const T& value) {
    std::string out;
    Type<T>::encode(value, out);
    return out;
}

TEST(TypeBool, UsesPostgresLetters) {
    EXPECT_EQ(encoded(true), "t");
    EXPECT_EQ(encoded(false), "f");
    EXPECT_TRUE(Type<bool>::decode("t"));
    EXPECT_FALSE(Type<bool>::decode("f"));
}

TEST(TypeInteger, CoversTheWholeRange) {
    using Limits = std::numeric_limits<std::int64_t>;
    EXPECT_EQ(encoded(Limits::min()), "-9223372036854775808");
    EXPECT_EQ(Type<std::int64_t>::decode("-9223372036854775808"), Limits::min());
    EXPECT_EQ(Type<std::int64_t>::decode("9223372036854775807"), Limits::max());
    EXPECT_EQ(Type<std::int16_t>::decode("-32768"), -32768);
}

TEST(TypeInteger, RefusesWhatIsNoNumberOfTheRange) {
    for (const char* text : {"", "x", "1x", " 1", "1.0", "2147483648"}) {
        EXPECT_THROW(static_cast<void>(Type<std::int32_t>::decode(text)), DecodeError) << text;
    }
}

TEST(TypeInteger, ReadsColumnsOfAtMostItsWidth) {
    EXPECT_TRUE(Type<std::int64_t>::reads(oid::kInt2));
    EXPECT_TRUE(Type<std::int64_t>::reads(oid::kInt8));
    EXPECT_TRUE(Type<std::int32_t>::reads(oid::kInt4));
    EXPECT_FALSE(Type<std::int32_t>::reads(oid::kInt8));
    EXPECT_FALSE(Type<std::int16_t>::reads(oid::kInt4));
    EXPECT_FALSE(Type<std::int64_t>::reads(oid::kNumeric));
    EXPECT_FALSE(Type<double>::reads(oid::kNumeric));
}

TEST(TypeDouble, RoundTripsExactlyAndKnowsTheSpecialValues) {
    for (const double value : {0.1, -1e300, 5e-324, 1.0 / 3.0}) {
        EXPECT_EQ(Type<double>::decode(encoded(value)), value);
    }
    EXPECT_TRUE(std::isnan(Type<double>::decode("NaN")));
    EXPECT_EQ(Type<double>::decode("-Infinity"), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(encoded(std::nan("")), "NaN");
}

TEST(TypeDecimal, IsExact) {
    using Price = base::Decimal<2>;
    EXPECT_EQ(encoded(Price::from_units(-5)), "-0.05");
    EXPECT_EQ(Type<Price>::decode("9999999999.99").units(), 999999999999);
    EXPECT_THROW(static_cast<void>(Type<Price>::decode("1.005")), DecodeError);
    EXPECT_THROW(static_cast<void>(Type<Price>::decode("NaN")), DecodeError);
}

TEST(TypeTimestamp, ReadsPostgresUtcNotation) {
    using namespace std::chrono;
    const base::Timestamp noon = sys_days(2026y / 1 / 31) + 12h;
    EXPECT_EQ(Type<base::Timestamp>::decode("2026-01-31 12:00:00+00"), noon);
    EXPECT_EQ(Type<base::Timestamp>::decode("2026-01-31 12:00:00.5+00"), noon + 500ms);
    EXPECT_EQ(Type<base::Timestamp>::decode("2026-01-31 12:00:00.000001+00"), noon + 1us);
    EXPECT_EQ(encoded(noon + 1us), "2026-01-31T12:00:00.000001Z");
}

TEST(TypeTimestamp, RefusesWhatItCannotHold) {
    for (const char* text : {"infinity", "10000-01-01 00:00:00+00", "0044-03-15 12:00:00+00 BC",
                             "2026-01-31 12:00:00", "2026-01-31 12:00:00+02", "2026-01-31", ""}) {
        EXPECT_THROW(static_cast<void>(Type<base::Timestamp>::decode(text)), DecodeError) << text;
    }
}

// What the concepts promise at compile time.
static_assert(Readable<std::string> && Writable<std::string>);
static_assert(Writable<std::string_view> && !Readable<std::string_view>);
static_assert(!Writable<unsigned> && !Writable<float>);

}  // namespace
