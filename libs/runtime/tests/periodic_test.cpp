#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/context.hpp>
#include <base/errors.hpp>
#include <runtime/periodic.hpp>
#include <telemetry/log.hpp>
#include <telemetry/trace.hpp>

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Periodic : public testing::Test {
protected:
    void SetUp() override {
        telemetry::log::configure({.service = "test", .sink = [this](std::string_view text) {
                                       lines_.emplace_back(text);
                                   }});
    }
    void TearDown() override {
        telemetry::log::configure({.service = "test", .sink = [](std::string_view) {}});
    }

    // Runs the job every millisecond until it has been called so often.
    void run(int rounds, std::function<void()> job) {
        int done = 0;
        runtime::Periodic* self = nullptr;
        runtime::Periodic periodic(context_, "housekeeping", 1ms, [&]() -> base::Task<> {
            if (++done == rounds) self->stop();
            job();
            co_return;
        });
        self = &periodic;
        periodic.start();
        context_.run_for(30s);
        EXPECT_TRUE(context_.stopped()) << "nothing is left to do after stop()";
        EXPECT_EQ(done, rounds);
    }
    std::vector<std::string> lines() {
        telemetry::log::flush();
        return lines_;
    }

    boost::asio::io_context context_{1};
    std::vector<std::string> lines_;
};

TEST_F(Periodic, RunsUntilItIsStopped) {
    run(3, [] {});
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(Periodic, GoesOnAfterFailuresAndLogsEachCauseOnce) {
    int round = 0;
    run(6, [&] { throw std::runtime_error(++round == 3 ? "second" : "first"); });
    EXPECT_THAT(lines(),
                ElementsAre(AllOf(HasSubstr("housekeeping failed"), HasSubstr("\"first\"")),
                            AllOf(HasSubstr("housekeeping failed"), HasSubstr("\"second\""))));
}

TEST_F(Periodic, LogsACauseAgainAfterASuccess) {
    int round = 0;
    run(3, [&] {
        if (++round != 2) throw std::runtime_error("cause");
    });
    EXPECT_THAT(lines(), ElementsAre(HasSubstr("cause"), HasSubstr("cause")));
}

TEST_F(Periodic, LeavesTheLogToWhatIsUnavailable) {
    run(2, [] { throw base::Unavailable("the database is away"); });
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(Periodic, WorksForNoRequestWhoeverStartsIt) {
    const base::ContextScope request(telemetry::trace::new_trace());
    run(2, [] { EXPECT_FALSE(base::current_context().valid()); });
}

TEST_F(Periodic, StoppedBeforeItsFirstRoundDoesNothing) {
    runtime::Periodic periodic(context_, "never", 1h, []() -> base::Task<> {
        ADD_FAILURE();
        co_return;
    });
    periodic.start();
    periodic.stop();
    context_.run_for(30s);
    EXPECT_TRUE(context_.stopped());
}

}  // namespace
