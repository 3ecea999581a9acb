#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/config.hpp>
#include <base/errors.hpp>

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

base::EnvReader reader(std::map<std::string, std::string> variables) {
    return base::EnvReader(std::move(variables));
}

TEST(EnvReader, ReadsTypedValues) {
    auto env = reader({{"PORT", "8000"},
                       {"DEBUG", "Yes"},
                       {"DELAY", "1.5"},
                       {"LEVEL", "warn"},
                       {"RATIO", "0.25"},
                       {"ORIGINS", " https://a.example , ,https://b.example"}});
    EXPECT_EQ(env.integer("PORT", 1, 1, 65535), 8000);
    EXPECT_TRUE(env.flag("DEBUG", false));
    EXPECT_EQ(env.seconds("DELAY", 0ms, 10s), 1500ms);
    EXPECT_EQ(env.fraction("RATIO", 1), 0.25);
    EXPECT_EQ(env.choice("LEVEL", "info", {"info", "warn"}), "warn");
    EXPECT_THAT(env.list("ORIGINS"), ElementsAre("https://a.example", "https://b.example"));
    EXPECT_NO_THROW(env.finish());
}

TEST(EnvReader, TakesTheFallbackForAnEmptyValue) {
    auto env = reader({{"NAME", ""}});
    EXPECT_EQ(env.text("NAME", "fallback"), "fallback");
    EXPECT_EQ(env.integer("PORT", 7, 0, 9), 7);
    EXPECT_NO_THROW(env.finish());
}

TEST(EnvReader, ReportsEveryProblemAtOnce) {
    auto env = reader({{"PORT", "80x"}, {"DEBUG", "maybe"}, {"DELAY", "-1"}, {"LEVEL", "loud"}});
    (void)env.integer("PORT", 1, 1, 65535);
    (void)env.flag("DEBUG", false);
    (void)env.seconds("DELAY", 0ms, 10s);
    (void)env.choice("LEVEL", "info", {"info", "warn"});
    (void)env.required("DATABASE_URL", "the address of the database");
    try {
        env.finish();
        FAIL() << "finish() did not throw";
    } catch (const base::ConfigError& error) {
        EXPECT_THAT(error.what(), HasSubstr("PORT: \"80x\" is not a whole number from 1 to 65535"));
        EXPECT_THAT(error.what(), HasSubstr("DEBUG: \"maybe\" is neither true nor false"));
        EXPECT_THAT(error.what(),
                    HasSubstr("DELAY: \"-1\" is not a number of seconds from 0 to 10"));
        EXPECT_THAT(error.what(), HasSubstr("LEVEL: \"loud\" is none of info, warn"));
        EXPECT_THAT(error.what(),
                    HasSubstr("DATABASE_URL: is not set; it is the address of the database"));
    }
}

}  // namespace
