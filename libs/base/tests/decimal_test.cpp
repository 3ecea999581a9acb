#include <limits>

#include <gtest/gtest.h>

#include <base/decimal.hpp>

namespace {

using Price = base::Decimal<2>;
using base::DecimalError;

TEST(Decimal, KeepsTwoPlacesExactly) {
    EXPECT_EQ(Price::parse("0").value.units(), 0);
    EXPECT_EQ(Price::parse("9.5").value.units(), 950);
    EXPECT_EQ(Price::parse("0.07").value.units(), 7);
    EXPECT_EQ(Price::parse("-12.34").value.units(), -1234);
    EXPECT_EQ(Price::parse("9999999999.99").value.units(), 999'999'999'999);
}

TEST(Decimal, ReadsExponentsAndZerosThatChangeNothing) {
    EXPECT_EQ(Price::parse("1e3").value.units(), 100'000);
    EXPECT_EQ(Price::parse("1.5E+1").value.units(), 1500);
    EXPECT_EQ(Price::parse("1200e-2").value.units(), 1200);
    EXPECT_EQ(Price::parse("1.500000").value.units(), 150);
    EXPECT_EQ(Price::parse("0e999999999999999999999").value.units(), 0);
}

TEST(Decimal, RefusesToDropDigits) {
    EXPECT_EQ(Price::parse("1.005").error, DecimalError::kPrecision);
    EXPECT_EQ(Price::parse("1e-3").error, DecimalError::kPrecision);
    EXPECT_EQ(Price::parse("1e-999999999999999999999").error, DecimalError::kPrecision);
}

TEST(Decimal, RefusesWhatDoesNotFit) {
    EXPECT_EQ(Price::parse("1e999").error, DecimalError::kRange);
    EXPECT_EQ(Price::parse("1e99999999999999999999").error, DecimalError::kRange);
    EXPECT_EQ(Price::parse("92233720368547758.08").error, DecimalError::kRange);
    EXPECT_EQ(Price::parse("92233720368547758.07").value.units(),
              std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(Price::parse("-92233720368547758.08").value.units(),
              std::numeric_limits<std::int64_t>::min());
}

TEST(Decimal, RefusesWhatIsNoNumber) {
    for (const auto* text :
         {"", "-", "+1", "01", ".5", "1.", "1e", "1e+-2", "0x10", "NaN", "1 ", "1,5"}) {
        EXPECT_EQ(Price::parse(text).error, DecimalError::kSyntax) << text;
    }
}

TEST(Decimal, PrintsAllPlaces) {
    EXPECT_EQ(Price::from_units(0).to_string(), "0.00");
    EXPECT_EQ(Price::from_units(7).to_string(), "0.07");
    EXPECT_EQ(Price::from_units(-1234).to_string(), "-12.34");
    EXPECT_EQ(base::Decimal<0>::from_units(12).to_string(), "12");
    EXPECT_EQ(Price::from_units(std::numeric_limits<std::int64_t>::min()).to_string(),
              "-92233720368547758.08");
}

}  // namespace
