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
    EXPECT_EQ(config.settings.service.server.port, 3000);
    EXPECT_EQ(config.dist_dir, "services/react-app/dist");
    EXPECT_TRUE(config.connect_origins.empty());
    EXPECT_EQ(app::read_port(reader({{"REACT_PORT", "3005"}})), 3005);
}

TEST(Config, TakesOriginsThatThePageMayCall) {
    const auto config = app::read_config(
        reader({{"REACT_CONNECT_ORIGINS", "https://api.example.org, http://[::1]:8000"}}));
    EXPECT_THAT(config.connect_origins,
                testing::ElementsAre("https://api.example.org", "http://[::1]:8000"));
}

TEST(Config, RefusesWhatIsNoOrigin) {
    for (const auto* text : {"api.example.org", "https://", "https://host/path", "ftp://host",
                             "https://host; script-src *", "'unsafe-inline'"}) {
        try {
            (void)app::read_config(reader({{"REACT_CONNECT_ORIGINS", text}, {"REACT_PORT", "x"}}));
            FAIL() << text;
        } catch (const base::ConfigError& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr("REACT_CONNECT_ORIGINS"));
            EXPECT_THAT(error.what(), testing::HasSubstr("REACT_PORT"));
        }
    }
}

}  // namespace
