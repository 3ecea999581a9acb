#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/context.hpp>
#include <base/time.hpp>
#include <telemetry/log.hpp>
#include <telemetry/trace.hpp>

namespace {

using namespace telemetry;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string text_at(const boost::json::object& line, std::string_view key) {
    return boost::json::value_to<std::string>(line.at(key));
}

// Lets a test read what is logged.
class Log : public testing::Test {
protected:
    void configure(log::Format format = log::Format::kJson, log::Level level = log::Level::kDebug) {
        log::configure({.service = "test",
                        .level = level,
                        .format = format,
                        .sink = [this](std::string_view line) { lines_.emplace_back(line); }});
    }
    void TearDown() override { log::configure({}); }

    std::vector<std::string> lines() {
        log::flush();
        return lines_;
    }
    boost::json::object only_line() {
        const auto all = lines();
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? boost::json::object() : boost::json::parse(all[0]).as_object();
    }

private:
    std::vector<std::string> lines_;
};

TEST_F(Log, WritesOneJsonObjectALine) {
    configure();
    const auto before = std::chrono::system_clock::now();
    log::info("listening", {{"port", 8000},
                            {"address", "0.0.0.0"},
                            {"secure", false},
                            {"ratio", 0.25},
                            {"bytes", std::numeric_limits<std::uint64_t>::max()},
                            {"offset", std::numeric_limits<std::int64_t>::min()},
                            {"owner", std::string("me")}});
    const auto line = only_line();
    const auto time = base::parse_rfc3339(text_at(line, "ts"));
    ASSERT_TRUE(time);
    EXPECT_LT(*time - before, std::chrono::seconds(10));
    EXPECT_GE(*time - before, -std::chrono::microseconds(1));
    EXPECT_EQ(line.at("level"), "info");
    EXPECT_EQ(line.at("service"), "test");
    EXPECT_EQ(line.at("msg"), "listening");
    EXPECT_EQ(line.at("port"), 8000);
    EXPECT_EQ(line.at("address"), "0.0.0.0");
    EXPECT_EQ(line.at("secure"), false);
    EXPECT_EQ(line.at("ratio"), 0.25);
    EXPECT_EQ(line.at("bytes").as_uint64(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(line.at("offset").as_int64(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(line.at("owner"), "me");
    EXPECT_FALSE(line.contains("trace_id"));
    EXPECT_FALSE(line.contains("truncated"));
}

TEST_F(Log, NamesTheTraceThatItBelongsTo) {
    configure();
    const auto context = trace::new_trace();
    const base::ContextScope scope(context);
    log::warn("slow query");
    const auto line = only_line();
    EXPECT_EQ(line.at("level"), "warn");
    EXPECT_EQ(text_at(line, "trace_id"), trace::hex(context.trace_id));
    EXPECT_EQ(text_at(line, "span_id"), trace::hex(context.span_id));
}

TEST_F(Log, EscapesWhatJsonRequires) {
    configure();
    const std::string nasty = "a\"b\\c\n\r\t\x01\x1f\x7f é 漢 🙂";
    log::info(nasty, {{"k", nasty}});
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_THAT(lines()[0], Not(HasSubstr("\n")));
    const auto line = only_line();
    EXPECT_EQ(text_at(line, "msg"), nasty);
    EXPECT_EQ(text_at(line, "k"), nasty);
}

TEST_F(Log, ReplacesInvalidUtf8) {
    configure();
    log::info("x", {{"stray",
                     "a\xFF"
                     "b"},
                    {"cut", "caf\xC3"},
                    {"overlong", "\xC0\xAF"},
                    {"surrogate", "\xED\xA0\x80"},
                    {"lone", "\x80"}});
    const auto line = only_line();
    EXPECT_EQ(line.at("stray"), "a\uFFFDb");
    EXPECT_EQ(line.at("cut"), "caf\uFFFD");
    EXPECT_EQ(line.at("overlong"), "\uFFFD\uFFFD");
    EXPECT_EQ(line.at("surrogate"), "\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(line.at("lone"), "\uFFFD");
}

TEST_F(Log, WritesNumbersThatJsonLacksAsNull) {
    configure();
    log::info("x", {{"nan", std::nan("")}, {"inf", INFINITY}, {"big", 1e300}, {"small", 1e-7}});
    const auto line = only_line();
    EXPECT_TRUE(line.at("nan").is_null());
    EXPECT_TRUE(line.at("inf").is_null());
    EXPECT_EQ(line.at("big"), 1e300);
    EXPECT_EQ(line.at("small"), 1e-7);
}

TEST_F(Log, BoundsTexts) {
    configure();
    for (const auto& text : {std::string(1 << 20, 'a'), std::string(1 << 20, '\x01')}) {
        log::info("x", {{"text", text}, {"after", 1}});
    }
    for (const auto& text : lines()) {
        EXPECT_LT(text.size(), log::kMaxStringBytes + 128);
        const auto line = boost::json::parse(text).as_object();
        EXPECT_THAT(text_at(line, "text"), EndsWith(" bytes]"));
        EXPECT_EQ(line.at("after"), 1);
    }
}

TEST_F(Log, KeepsATextThatJustFits) {
    configure();
    const std::string text(log::kMaxStringBytes, 'a');
    log::info("x", {{"text", text}});
    EXPECT_EQ(text_at(only_line(), "text"), text);
}

TEST_F(Log, CountsWhatSaysThatATextWasCut) {
    configure();
    for (const std::size_t extra : {1U, 7U, 10'000U}) {
        log::info("x", {{"text", std::string(log::kMaxStringBytes + extra, 'a')}});
        const auto text = text_at(boost::json::parse(lines().back()).as_object(), "text");
        EXPECT_LE(text.size(), log::kMaxStringBytes);
        const auto kept = text.find("...");
        EXPECT_EQ(text.substr(kept),
                  "...[+" + std::to_string(log::kMaxStringBytes + extra - kept) + " bytes]");
    }
}

TEST_F(Log, DoesNotCutACharacterInHalf) {
    configure();
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += "漢";
    log::info("x", {{"text", text}});
    EXPECT_THAT(lines()[0], Not(HasSubstr("\uFFFD")));
}

TEST_F(Log, BoundsTheLine) {
    configure();
    const std::string text(4000, '"');
    log::info(text, {{"a", text}, {"b", text}, {"c", text}, {"d", text}, {"e", text}, {"f", text}});
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_LE(lines()[0].size(), log::kMaxLineBytes);
    const auto line = only_line();
    EXPECT_TRUE(line.contains("a"));
    EXPECT_FALSE(line.contains("f"));
    EXPECT_EQ(line.at("truncated"), true);
}

TEST_F(Log, BoundsTheLineWithItsLineFeedWhereverItIsFull) {
    const base::ContextScope scope(trace::new_trace());
    const std::string text(4000, 'a');
    for (const auto format : {log::Format::kJson, log::Format::kText}) {
        configure(format);
        for (std::size_t size = 0; size < 500; ++size) {
            log::info("x", {{"a", text},
                            {"b", text},
                            {"c", text},
                            {"d", text},
                            {"e", std::string_view(text).substr(0, size)},
                            {"f", text}});
        }
        for (const auto& line : lines())
            EXPECT_LT(line.size(), log::kMaxLineBytes);
    }
}

TEST_F(Log, LeavesOutLowerLevels) {
    configure(log::Format::kJson, log::Level::kWarn);
    EXPECT_FALSE(log::enabled(log::Level::kInfo));
    EXPECT_TRUE(log::enabled(log::Level::kWarn));
    log::debug("no");
    log::info("no");
    log::warn("yes");
    log::error("yes");
    EXPECT_EQ(lines().size(), 2U);
}

TEST_F(Log, WritesTextForPeople) {
    configure(log::Format::kText);
    const base::ContextScope scope(trace::new_trace());
    log::info("listening", {{"port", 8000},
                            {"name", "two words"},
                            {"empty", ""},
                            {"forged", "x\n2026-01-01 error"},
                            {"escape", "\x1b[2J\xC2\x9B"}});
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_THAT(lines()[0],
                HasSubstr(R"( info  listening port=8000 name="two words" empty="" )"
                          R"(forged="x\n2026-01-01 error" escape="\u001b[2J\u009b" trace_id=)"));
}

TEST_F(Log, KeepsTheOrderOfAThread) {
    configure();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            for (int i = 0; i < 500; ++i)
                log::info("x", {{"thread", t}, {"i", i}});
        });
    }
    for (auto& thread : threads)
        thread.join();
    std::vector<std::int64_t> next(4);
    for (const auto& text : lines()) {
        const auto line = boost::json::parse(text).as_object();
        auto& expected = next.at(static_cast<std::size_t>(line.at("thread").as_int64()));
        EXPECT_EQ(line.at("i").as_int64(), expected++);
    }
    EXPECT_EQ(next, std::vector<std::int64_t>(4, 500));
}

TEST(LogQueue, DropsTheOldestLinesOfASlowReaderAndCountsThem) {
    std::mutex mutex;
    std::vector<std::string> seen;
    std::unique_lock stalled(mutex);
    log::configure({.service = "test", .queue_bytes = 1, .sink = [&](std::string_view line) {
                        const std::lock_guard lock(mutex);
                        seen.emplace_back(line);
                    }});
    const std::string padding(1000, 'x');
    for (int i = 0; i < 100; ++i)
        log::info("x", {{"i", i}, {"padding", padding}});
    // A queue holds kMaxLineBytes at least, which is 14 of these; as many may be on their way.
    EXPECT_GE(log::dropped_lines(), 70U);
    stalled.unlock();
    log::flush();
    const std::lock_guard lock(mutex);
    EXPECT_GE(seen.size(), 14U);
    EXPECT_EQ(seen.size() + log::dropped_lines(), 100U);
    // Whole lines, in their order, up to the last.
    int next = -1;
    for (const auto& line : seen) {
        const auto i = static_cast<int>(boost::json::parse(line).at("i").as_int64());
        EXPECT_GT(i, next);
        next = i;
    }
    EXPECT_EQ(next, 99);
    log::configure({});
}

// Logs more than a pipe holds that nobody reads, then ends in order.
[[noreturn]] void exit_with_a_stalled_reader() {
    ::alarm(20);          // a process that does not end fails the test and does not hang it
    std::fflush(stdout);  // what GoogleTest has said so far; exit() would wait with it
    int ends[2];
    if (::pipe(ends) != 0 || ::dup2(ends[1], STDOUT_FILENO) < 0) std::abort();
    log::configure({.service = "test"});
    const std::string text(4000, 'a');
    for (int i = 0; i < 100; ++i)
        log::info("x", {{"text", text}});
    log::flush();
    std::exit(3);
}

TEST(LogDeathTest, AStalledReaderDoesNotKeepTheProcessAlive) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(exit_with_a_stalled_reader(), testing::ExitedWithCode(3), "");
}

TEST(LogOptions, ReadTheNamesOfTheConfiguration) {
    EXPECT_EQ(log::parse_level("debug"), log::Level::kDebug);
    EXPECT_EQ(log::parse_level("error"), log::Level::kError);
    EXPECT_EQ(log::parse_level("ERROR"), std::nullopt);
    EXPECT_EQ(log::parse_format("json"), log::Format::kJson);
    EXPECT_EQ(log::parse_format("text"), log::Format::kText);
    EXPECT_EQ(log::parse_format("xml"), std::nullopt);
}

}  // namespace
