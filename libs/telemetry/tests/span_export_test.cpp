// Spans from record() to the body that a collector would get, with a sender that keeps it.
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <test_support/eventually.hpp>

#include <telemetry/log.hpp>
#include <telemetry/span_export.hpp>
#include <telemetry/trace.hpp>

namespace {

using namespace telemetry::trace;
using namespace std::chrono_literals;
using test_support::eventually;
using testing::HasSubstr;
using testing::SizeIs;
namespace json = boost::json;

// What every sender of this file has been given.
struct Collector {
    std::mutex mutex;
    std::vector<std::string> bodies;
    std::function<SendResult(std::size_t attempt)> answer = [](std::size_t) {
        return SendResult{.status = 200};
    };

    std::size_t attempts() {
        const std::lock_guard lock(mutex);
        return bodies.size();
    }
    void forget() {
        const std::lock_guard lock(mutex);
        bodies.clear();
    }

    std::vector<json::array> batches() {
        const std::lock_guard lock(mutex);
        std::vector<json::array> found;
        for (const auto& body : bodies) {
            found.push_back(
                json::parse(body).at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array());
        }
        return found;
    }
};

class KeepingSender final : public SpanSender {
public:
    explicit KeepingSender(Collector& collector) : collector_(collector) {}
    SendResult send(const std::string& body) override {
        std::size_t attempt = 0;
        {
            const std::lock_guard lock(collector_.mutex);
            collector_.bodies.push_back(body);
            attempt = collector_.bodies.size();
        }
        return collector_.answer(attempt);
    }
    void cancel() noexcept override {}

private:
    Collector& collector_;
};

class SpanExport : public testing::Test {
protected:
    SpanExport() {
        set_sampling_ratio(1);
        telemetry::log::configure({.service = "test", .sink = [](std::string_view) {}});
    }

    std::unique_ptr<SpanExporter> exporter(SpanExportOptions options) {
        return std::make_unique<SpanExporter>(options, std::make_unique<KeepingSender>(collector));
    }

    Collector collector;
    SpanStats before = span_stats();
};

Span a_span(const std::string& name = "work") {
    return {.name = name, .context = new_trace()};
}

TEST_F(SpanExport, WritesTheJsonEncodingOfOtlp) {
    set_resource({{"service.name", "api"}});
    const auto parent = new_trace();
    const auto context = child_of(parent);
    const auto start = std::chrono::system_clock::time_point(1'700'000'000s);
    const auto running = exporter({});
    record({.name = "GET /v1/items/{id}",
            .kind = SpanKind::kServer,
            .context = context,
            .parent_span_id = parent.span_id,
            .start = start,
            .end = start + 1500us,
            .attributes = {{"http.request.method", "GET"},
                           {"http.response.status_code", 500},
                           {"ratio", 0.5},
                           {"text", "quote\" \xff"},
                           {"flag", true}},
            .failed = true});
    running->shutdown(5s);

    ASSERT_THAT(collector.bodies, SizeIs(1));
    EXPECT_EQ(json::parse(collector.bodies[0]),
              json::parse(R"({"resourceSpans":[{"resource":{"attributes":[
                {"key":"service.name","value":{"stringValue":"api"}}]},
                "scopeSpans":[{"scope":{"name":"telemetry"},"spans":[{
                "traceId":")" +
                          hex(context.trace_id) + R"(","spanId":")" + hex(context.span_id) +
                          R"(","parentSpanId":")" + hex(parent.span_id) + R"(",
                "name":"GET /v1/items/{id}","kind":2,
                "startTimeUnixNano":"1700000000000000000",
                "endTimeUnixNano":"1700000000001500000",
                "attributes":[
                {"key":"http.request.method","value":{"stringValue":"GET"}},
                {"key":"http.response.status_code","value":{"intValue":"500"}},
                {"key":"ratio","value":{"doubleValue":0.5}},
                {"key":"text","value":{"stringValue":"quote\" \uFFFD"}},
                {"key":"flag","value":{"boolValue":true}}],
                "status":{"code":2}}]}]}]})"));
}

TEST_F(SpanExport, HappensInBatchesAsSoonAsOneIsFull) {
    const auto running = exporter({.max_batch = 10, .schedule_delay = 1h});
    for (int i = 0; i < 25; ++i)
        record(a_span());
    EXPECT_TRUE(eventually([&] { return collector.batches().size() == 2; }));
    EXPECT_THAT(collector.batches(), testing::ElementsAre(SizeIs(10), SizeIs(10)));
    running->shutdown(5s);
    EXPECT_THAT(collector.batches(), testing::ElementsAre(SizeIs(10), SizeIs(10), SizeIs(5)));
    EXPECT_EQ(span_stats().exported, before.exported + 25);
}

TEST_F(SpanExport, HappensAfterTheDelayWhenNoBatchFills) {
    const auto running = exporter({.schedule_delay = 10ms});
    record(a_span());
    EXPECT_TRUE(eventually([&] { return !collector.batches().empty(); }));
    EXPECT_THAT(collector.batches(), testing::ElementsAre(SizeIs(1)));
}

TEST_F(SpanExport, LeavesOutWhatIsNotSampled) {
    const auto running = exporter({});
    auto span = a_span();
    span.context.sampled = false;
    EXPECT_FALSE(wants_span(span.context));
    record(span);
    running->shutdown(5s);
    EXPECT_THAT(collector.bodies, SizeIs(0));
}

TEST_F(SpanExport, DropsAndCountsWhatTheQueueCannotHold) {
    const auto running = exporter({.max_queue = 10, .max_batch = 10, .schedule_delay = 1h});
    std::mutex stalled;
    std::unique_lock stall(stalled);
    collector.answer = [&](std::size_t) {
        const std::lock_guard lock(stalled);
        return SendResult{.status = 200};
    };
    for (int i = 0; i < 100; ++i)
        record(a_span());
    const auto dropped = span_stats().dropped - before.dropped;
    EXPECT_GE(dropped, 80U);  // all but ten on their way and ten in the queue
    stall.unlock();
    running->shutdown(5s);
    EXPECT_EQ(span_stats().exported - before.exported + dropped, 100U);
}

TEST_F(SpanExport, TriesAgainWhereTheCollectorMayRecover) {
    for (const int status : {0, 429, 502, 503, 504}) {
        collector.forget();
        collector.answer = [status](std::size_t attempt) {
            return attempt == 1 ? SendResult{.status = status, .retry_after = 1ms}
                                : SendResult{.status = 200};
        };
        const auto running = exporter({.max_batch = 1});
        const auto exported = span_stats().exported;
        record(a_span());
        EXPECT_TRUE(eventually([&] { return span_stats().exported > exported; }));
        EXPECT_EQ(collector.attempts(), 2U) << status;
    }
}

TEST_F(SpanExport, GivesUpAtOnceWhereItWillNotAndAfterFourAttempts) {
    for (const auto& [status, attempts] : {std::pair{400, 1U}, std::pair{503, 4U}}) {
        collector.forget();
        collector.answer = [code = status](std::size_t) {
            return SendResult{.status = code, .retry_after = 1ms};
        };
        const auto running = exporter({.max_batch = 1});
        const auto failed = span_stats().failed;
        record(a_span());
        EXPECT_TRUE(eventually([&] { return span_stats().failed > failed; }));
        EXPECT_EQ(span_stats().failed, failed + 1);
        EXPECT_EQ(collector.attempts(), attempts) << status;
    }
}

TEST_F(SpanExport, CountsWhatAnAnswerSaysItRejected) {
    collector.answer = [](std::size_t) { return SendResult{.status = 200, .rejected = 2}; };
    const auto running = exporter({});
    for (int i = 0; i < 3; ++i)
        record(a_span());
    running->shutdown(5s);
    EXPECT_EQ(span_stats().exported, before.exported + 1);
    EXPECT_EQ(span_stats().failed, before.failed + 2);
}

TEST_F(SpanExport, LogsACauseOnce) {
    std::mutex mutex;
    std::string lines;
    telemetry::log::configure({.service = "test", .sink = [&](std::string_view line) {
                                   const std::lock_guard lock(mutex);
                                   lines += line;
                                   lines += '\n';
                               }});
    collector.answer = [](std::size_t attempt) {
        return SendResult{.status = attempt <= 3 ? 400 : 200};
    };
    const auto running = exporter({.max_batch = 1});
    for (int i = 0; i < 5; ++i)
        record(a_span());
    running->shutdown(5s);
    telemetry::log::configure({.service = "test", .sink = [](std::string_view) {}});
    EXPECT_EQ(std::ranges::count(lines, '\n'), 2) << lines;
    EXPECT_THAT(lines, HasSubstr(R"("cause":"status 400")"));
    EXPECT_THAT(lines, HasSubstr("traces reach the collector again"));
}

TEST_F(SpanExport, EndsInTimeWhileTheCollectorIsAway) {
    collector.answer = [](std::size_t) { return SendResult{.failure = "refused"}; };
    const auto running = exporter({.retry_delay = 1h});
    record(a_span());
    const auto start = std::chrono::steady_clock::now();
    running->shutdown(300ms);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
    EXPECT_EQ(span_stats().failed, before.failed + 1);
}

TEST_F(SpanExport, IsOneAtATime) {
    const auto running = exporter({});
    EXPECT_THROW(exporter({}), std::logic_error);
}

}  // namespace
