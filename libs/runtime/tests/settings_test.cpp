#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <runtime/settings.hpp>

namespace {

base::EnvReader reader(std::map<std::string, std::string> variables) {
    return base::EnvReader(std::move(variables));
}

TEST(Settings, HaveDefaults) {
    auto env = reader({});
    const auto settings = runtime::read_settings(env, "API", 8000);
    EXPECT_NO_THROW(env.finish());
    EXPECT_EQ(settings.service.server.port, 8000);
    EXPECT_EQ(settings.service.server.host, "0.0.0.0");
    EXPECT_EQ(settings.log_level, telemetry::log::Level::kInfo);
    EXPECT_EQ(settings.sampling_ratio, 1);
}

TEST(Settings, ComeFromTheServicesOwnVariables) {
    auto env = reader({{"API_PORT", "1234"},
                       {"DASH_PORT", "4321"},
                       {"LOG_FORMAT", "text"},
                       {"DRAIN_DELAY_SECONDS", "0.5"},
                       {"OTEL_TRACES_SAMPLER_ARG", "0.25"}});
    const auto settings = runtime::read_settings(env, "DASH", 8050);
    EXPECT_NO_THROW(env.finish());
    EXPECT_EQ(settings.service.server.port, 4321);
    EXPECT_EQ(settings.log_format, telemetry::log::Format::kText);
    EXPECT_EQ(settings.service.drain_delay, std::chrono::milliseconds(500));
    EXPECT_EQ(settings.sampling_ratio, 0.25);
}

TEST(Settings, DebugIsTheServicesOwnLogLevel) {
    const std::map<std::string, std::string> variables{{"DASH_DEBUG", "true"},
                                                       {"LOG_LEVEL", "warn"}};
    auto dash = reader(variables);
    const auto debugged = runtime::read_settings(dash, "DASH", 8050);
    EXPECT_TRUE(debugged.debug);
    EXPECT_EQ(debugged.log_level, telemetry::log::Level::kDebug);
    auto api = reader(variables);
    const auto other = runtime::read_settings(api, "API", 8000);
    EXPECT_FALSE(other.debug);
    EXPECT_EQ(other.log_level, telemetry::log::Level::kWarn);
}

TEST(Settings, NameEveryVariableThatIsWrong) {
    auto env =
        reader({{"API_PORT", "70000"}, {"LOG_LEVEL", "loud"}, {"OTEL_TRACES_SAMPLER_ARG", "2"}});
    (void)runtime::read_settings(env, "API", 8000);
    try {
        env.finish();
        FAIL() << "finish() did not throw";
    } catch (const base::ConfigError& error) {
        for (const auto* name : {"API_PORT", "LOG_LEVEL", "OTEL_TRACES_SAMPLER_ARG"}) {
            EXPECT_THAT(error.what(), testing::HasSubstr(name));
        }
    }
}

}  // namespace
