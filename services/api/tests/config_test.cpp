#include <config.hpp>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>

namespace {

base::EnvReader reader(std::map<std::string, std::string> variables) {
    return base::EnvReader(std::move(variables));
}

TEST(Config, NeedsOnlyTheDatabase) {
    const auto config = app::read_config(reader({{"DATABASE_URL", "postgresql://db/x"}}));
    EXPECT_EQ(config.settings.service.server.port, 8000);
    EXPECT_EQ(config.root_path, "/api");
    EXPECT_TRUE(config.cors_origins.empty());
}

TEST(Config, KnowsOriginsInTheFormOfBrowsers) {
    const auto origins = [](std::string value) {
        return app::read_config(reader({{"DATABASE_URL", "postgresql://db/x"},
                                        {"CORS_ORIGINS", std::move(value)}}))
            .cors_origins;
    };
    EXPECT_THAT(origins("https://X.org, http://localhost:3000"),
                testing::ElementsAre("https://x.org", "http://localhost:3000"));
    EXPECT_THAT(origins("*"), testing::ElementsAre("*"));
    // It would never be equal to what a browser sends.
    EXPECT_THROW((void)origins("https://x.org/"), base::ConfigError);
}

TEST(Config, NamesWhatIsMissing) {
    try {
        (void)app::read_config(reader({{"API_PORT", "x"}}));
        FAIL() << "read_config() did not throw";
    } catch (const base::ConfigError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("DATABASE_URL: is not set"));
        EXPECT_THAT(error.what(), testing::HasSubstr("API_PORT"));
    }
}

TEST(Config, TakesARootPathOfOneFormOnly) {
    const auto root_path = [](std::string value) {
        return app::read_config(
                   reader({{"DATABASE_URL", "postgresql://db/x"}, {"ROOT_PATH", std::move(value)}}))
            .root_path;
    };
    EXPECT_EQ(root_path("/v2/api"), "/v2/api");
    EXPECT_EQ(root_path("/"), "");
    for (const auto* wrong : {"api", "/api/", "//api", "/a b"}) {
        EXPECT_THROW((void)root_path(wrong), base::ConfigError) << wrong;
    }
}

TEST(Config, ReadsTheLimitsOfClients) {
    const auto limits = [](std::map<std::string, std::string> variables) {
        variables["DATABASE_URL"] = "postgresql://db/x";
        return app::read_config(reader(std::move(variables)));
    };
    const auto config = limits({});
    EXPECT_EQ(config.request_timeout, std::chrono::seconds(15));
    EXPECT_THAT(config.trusted_proxies, testing::ElementsAre("127.0.0.0/8", "::1"));
    EXPECT_FALSE(config.faults);
    EXPECT_THROW((void)limits({{"TRUSTED_PROXIES", "gateway"}}), base::ConfigError);
}

TEST(Config, KnowsThePortWithoutADatabase) {
    EXPECT_EQ(app::read_port(reader({{"API_PORT", "1234"}})), 1234);
}

}  // namespace
