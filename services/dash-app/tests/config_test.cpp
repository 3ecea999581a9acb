#include <config.hpp>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>

namespace {

base::EnvReader reader(std::map<std::string, std::string> variables) {
    return base::EnvReader(std::move(variables));
}

TEST(Config, HasADefaultForEverything) {
    const auto config = app::read_config(reader({}));
    EXPECT_EQ(config.settings.service.server.port, 8050);
    EXPECT_EQ(config.api_url, "http://127.0.0.1:8000");
    EXPECT_EQ(config.prefix, "/dash/");
    EXPECT_FALSE(config.settings.debug);
}

TEST(Config, TakesAPrefixWithOrWithoutSlashes) {
    for (const auto* prefix : {"board", "/board", "board/", "/board/"})
        EXPECT_EQ(app::read_config(reader({{"DASH_PREFIX", prefix}})).prefix, "/board/");
    EXPECT_EQ(app::read_config(reader({{"DASH_PREFIX", "/"}})).prefix, "/");
}

TEST(Config, NamesEveryWrongVariable) {
    try {
        (void)app::read_config(reader({{"DASH_PORT", "x"}, {"DASH_DEBUG", "perhaps"}}));
        FAIL() << "read_config() did not throw";
    } catch (const base::ConfigError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("DASH_PORT"));
        EXPECT_THAT(error.what(), testing::HasSubstr("DASH_DEBUG"));
    }
}

}  // namespace
