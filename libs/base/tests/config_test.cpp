#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <test_support/temporary_directory.hpp>

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

// What finish() complains about when KEY is read as a secret.
std::string complaint(std::map<std::string, std::string> variables) {
    auto env = reader(std::move(variables));
    (void)env.secret("KEY", "the key");
    try {
        env.finish();
    } catch (const base::ConfigError& error) {
        return error.what();
    }
    return "";
}

TEST(EnvReader, ReadsASecretFromTheVariableOrFromAFile) {
    EXPECT_EQ(reader({{"KEY", "k"}}).secret("KEY", "the key"), "k");
    const test_support::TemporaryDirectory files;
    for (const auto* content : {"two words", "two words\n", "two words\r\n"}) {
        auto env = reader({{"KEY_FILE", files.write("secret", content)}});
        EXPECT_EQ(env.secret("KEY", "the key"), "two words");
        EXPECT_NO_THROW(env.finish());
    }
}

TEST(EnvReader, TellsWhyThereIsNoSecret) {
    EXPECT_EQ(complaint({}), "KEY: is not set; it is the key");
    EXPECT_EQ(complaint({{"KEY_FILE", "/nowhere"}}),
              "KEY_FILE: \"/nowhere\" cannot be read: No such file or directory");
    const test_support::TemporaryDirectory files;
    EXPECT_THAT(complaint({{"KEY_FILE", files.path()}}),
                HasSubstr("cannot be read: Is a directory"));
    const auto complaint_about = [&](std::string_view content) {
        return complaint({{"KEY_FILE", files.write("secret", content)}});
    };
    EXPECT_THAT(complaint_about("\n"), HasSubstr("is empty; it holds the key"));
    EXPECT_THAT(complaint_about(std::string(64 * 1024 + 1, 'x')),
                HasSubstr("is longer than 65536 bytes"));
    EXPECT_EQ(complaint({{"KEY", "k"}, {"KEY_FILE", "/nowhere"}}),
              "KEY: is set, and so is KEY_FILE; set one of them");
}

}  // namespace
