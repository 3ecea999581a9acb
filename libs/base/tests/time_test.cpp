#include <gtest/gtest.h>

#include <base/time.hpp>

namespace {

using namespace std::chrono_literals;
using base::format_rfc3339;
using base::parse_rfc3339;

constexpr base::Timestamp kNewYear = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

TEST(Rfc3339, PrintsMicrosecondsInUtc) {
    EXPECT_EQ(format_rfc3339(kNewYear + 1h + 2min + 3s + 45us), "2026-01-01T01:02:03.000045Z");
    EXPECT_EQ(format_rfc3339(base::Timestamp(-1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ReadsWhatItPrints) {
    const auto time = kNewYear + 123'456'789'012us;
    EXPECT_EQ(parse_rfc3339(format_rfc3339(time)), time);
}

TEST(Rfc3339, AppliesTheOffset) {
    EXPECT_EQ(parse_rfc3339("2026-01-01T01:30:00+01:30"), kNewYear);
    EXPECT_EQ(parse_rfc3339("2025-12-31T19:00:00-05:00"), kNewYear);
    EXPECT_EQ(parse_rfc3339("2026-01-01t00:00:00.5z"), kNewYear + 500ms);
}

TEST(Rfc3339, KnowsYearsOfFourDigits) {
    EXPECT_EQ(format_rfc3339(*parse_rfc3339("9999-12-31T23:59:59.999999Z")),
              "9999-12-31T23:59:59.999999Z");
    EXPECT_EQ(format_rfc3339(*parse_rfc3339("0000-01-01T00:00:00Z")),
              "0000-01-01T00:00:00.000000Z");
    EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59-01:00"), std::nullopt);
    EXPECT_EQ(parse_rfc3339("0000-01-01T00:00:00+01:00"), std::nullopt);
    EXPECT_FALSE(base::has_rfc3339_form(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1)));
    EXPECT_FALSE(base::has_rfc3339_form(std::chrono::sys_days(std::chrono::year(-1) / 12 / 31)));
}

TEST(Rfc3339, RefusesAnythingElse) {
    for (const auto* text :
         {"", "2026-01-01", "2026-01-01 00:00:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
          "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
          "2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00+24:00"}) {
        EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
    }
}

}  // namespace
