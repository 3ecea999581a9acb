#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <runtime/command_line.hpp>
#include <telemetry/log.hpp>

namespace {

using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStderr;
using testing::internal::GetCapturedStdout;

struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
    std::string ran;
};

Outcome run(const std::vector<const char*>& arguments) {
    Outcome outcome;
    const runtime::Program program{
        .name = "api",
        .version = "1.2.3",
        .summary = "items over HTTP",
        .commands = {
            {"serve", "Serve HTTP", [&] { return outcome.ran = "serve", 0; }},
            {"migrate", "Bring the schema up to date", [&] { return outcome.ran = "migrate", 3; }},
            {"migrate --status", "List", [&] { return outcome.ran = "migrate --status", 0; }},
            {"misconfigured", "",
             []() -> int { throw base::ConfigError("API_PORT: too high\nX: not set"); }},
            {"talkative", "",
             [] {
                 telemetry::log::info("last words");
                 return 0;
             }},
            {"broken", "", []() -> int { throw std::runtime_error("no luck"); }}}};
    CaptureStdout();
    CaptureStderr();
    std::vector<const char*> argv = {"api"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    outcome.status = runtime::run_program(program, argv);
    outcome.out = GetCapturedStdout();
    outcome.err = GetCapturedStderr();
    return outcome;
}

TEST(Program, RunsItsFirstCommandByDefault) {
    const auto outcome = run({});
    EXPECT_EQ(outcome.ran, "serve");
    EXPECT_EQ(outcome.status, 0);
}

TEST(Program, RunsTheNamedCommandAndYieldsItsStatus) {
    const auto outcome = run({"migrate"});
    EXPECT_EQ(outcome.ran, "migrate");
    EXPECT_EQ(outcome.status, 3);
}

TEST(Program, TellsCommandsByTheirFlag) {
    EXPECT_EQ(run({"migrate", "--status"}).ran, "migrate --status");
    EXPECT_EQ(run({"--status", "migrate"}).ran, "migrate --status");
    const auto refused = run({"--status"});
    EXPECT_EQ(refused.ran, "");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("no command \"serve --status\""));
}

TEST(Program, ExplainsItself) {
    const auto outcome = run({"--help"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.ran, "");
    EXPECT_THAT(outcome.out, HasSubstr("items over HTTP"));
    EXPECT_THAT(outcome.out, HasSubstr("Serve HTTP (default)"));
    EXPECT_THAT(outcome.out, HasSubstr("Bring the schema up to date"));
    EXPECT_THAT(outcome.out, HasSubstr("--version"));
    EXPECT_EQ(run({"--version"}).out, "api 1.2.3\n");
}

TEST(Program, RefusesArgumentsThatMakeNoSense) {
    for (const auto& arguments : std::vector<std::vector<const char*>>{
             {"fly"}, {"--fly"}, {"serve", "migrate"}, {"serve", "--port"}}) {
        const auto outcome = run(arguments);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ(outcome.ran, "");
        EXPECT_THAT(outcome.err, HasSubstr("see api --help"));
    }
}

TEST(Program, PrintsEveryProblemOfTheConfiguration) {
    const auto outcome = run({"misconfigured"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("API_PORT: too high\nX: not set\n"));
}

TEST(Program, LogsWhatEndsACommand) {
    telemetry::log::configure({});  // to stdout
    const auto outcome = run({"broken"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.out, HasSubstr(R"("error":"no luck")"));
}

TEST(Program, EndsOnceItsLastLineIsOut) {
    std::atomic<int> written = 0;
    telemetry::log::configure({.service = "test", .sink = [&](std::string_view) {
                                   std::this_thread::sleep_for(std::chrono::milliseconds(50));
                                   ++written;
                               }});
    EXPECT_EQ(run({"talkative"}).status, 0);
    EXPECT_EQ(written, 1);
    telemetry::log::configure({});
}

}  // namespace
