// Traces from a request to a collector over HTTP: a service on loopback, and a collector that is
// one of our own servers.
#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <runtime/service.hpp>
#include <runtime/trace_export.hpp>
#include <telemetry/trace.hpp>
#include <web/app.hpp>
#include <web/client.hpp>

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;
namespace asio = boost::asio;
namespace json = boost::json;
namespace trace = telemetry::trace;

// Takes what exporters send, on a thread of its own.
class Collector final : public web::Handler {
public:
    Collector() { server_.start(); }
    ~Collector() override {
        asio::co_spawn(context_, server_.drain(100ms), asio::use_future).get();
        context_.stop();
        thread_.join();
    }

    base::Task<web::Response> handle(web::Request request) override {
        web::Response response = web::text_response(200, "application/json", "{}");
        const std::lock_guard lock(mutex_);
        if (!refusals.empty()) {
            response.status = refusals.back();
            response.headers.set("Retry-After", "0");
            refusals.pop_back();
        }
        requests_.push_back(std::move(request));
        co_return response;
    }
    web::Response refuse(int status, std::string_view) override { return {.status = status}; }

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_.port());
    }
    std::vector<web::Request> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

    std::vector<int> refusals;  ///< answered from the back, before 200; set before use

private:
    std::mutex mutex_;
    std::vector<web::Request> requests_;
    asio::io_context context_{1};
    asio::io_context* contexts_[1] = {&context_};
    web::Server server_{{.host = "127.0.0.1"}, *this, contexts_};
    asio::executor_work_guard<asio::io_context::executor_type> guard_{context_.get_executor()};
    std::thread thread_{[this] { context_.run(); }};
};

runtime::TraceExportConfig config_for(const std::string& url) {
    base::EnvReader env(std::map<std::string, std::string>{
        {"OTEL_EXPORTER_OTLP_ENDPOINT", url}, {"OTEL_EXPORTER_OTLP_HEADERS", "x-token=a%20b"}});
    return runtime::read_trace_export(env).value();
}

json::array spans_of(const web::Request& request) {
    return json::parse(request.body).at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array();
}

std::string text(const json::value& span, const char* key) {
    return std::string(span.at(key).as_string());
}

// The value of an attribute as JSON; null when there is none.
json::value attribute(const json::value& span, std::string_view key) {
    for (const auto& entry : span.at("attributes").as_array()) {
        if (entry.at("key").as_string() == key) {
            return entry.at("value").as_object().begin()->value();
        }
    }
    return {};
}

// Runs a service whose GET /outer/{id} calls its own GET /inner, until end().
class TracedService {
public:
    explicit TracedService(runtime::TraceExportConfig traces) {
        trace::set_sampling_ratio(1);
        web::Router router;
        router.raw(web::Method::kGet, "/inner",
                   [](web::Exchange&) { return web::completed({.status = 503}); });
        router.raw(web::Method::kGet, "/outer/{id}",
                   [this](web::Exchange&) { return client_->get("/inner?secret=1"); });
        app_.include(router);
        std::promise<std::uint16_t> started;
        status_ = std::async(std::launch::async, [this, &started, traces = std::move(traces)] {
            return runtime::run_service(
                {.server = {.host = "127.0.0.1"},
                 .drain_delay = 0ms,
                 .drain_timeout = 5s,
                 .traces = traces},
                workers_, app_, readiness_, {.started = [this, &started](std::uint16_t port) {
                    client_ = std::make_unique<web::Client>(
                        web::ClientConfig{.base_url = "http://127.0.0.1:" + std::to_string(port)},
                        workers_.contexts());
                    started.set_value(port);
                }});
        });
        port_ = started.get_future().get();
    }

    int get(const std::string& target, const base::TraceContext& parent) {
        asio::io_context context;
        web::Client client({.base_url = "http://127.0.0.1:" + std::to_string(port_)},
                           std::array{&context});
        web::Request request{.target = target};
        request.headers.set("traceparent", trace::format_traceparent(parent));
        auto answer = asio::co_spawn(context, client.send(std::move(request)), asio::use_future);
        context.run();
        return answer.get().status;
    }

    int end() {
        std::raise(SIGTERM);
        return status_.get();
    }

private:
    runtime::Workers workers_{1};
    runtime::Readiness readiness_;
    web::App app_{{.title = "t", .version = "1"}};
    std::unique_ptr<web::Client> client_;
    std::future<int> status_;
    std::uint16_t port_ = 0;
};

TEST(TraceExport, LinksTheSpansOfARequestAndItsCallsAndFlushesThemAtTheEnd) {
    Collector collector;
    TracedService service(config_for(collector.url()));
    const auto caller = trace::new_trace();
    EXPECT_EQ(service.get("/outer/7", caller), 503);
    EXPECT_EQ(service.end(), 0);

    const auto requests = collector.requests();
    ASSERT_THAT(requests, SizeIs(1));
    EXPECT_EQ(requests[0].target, "/v1/traces");
    EXPECT_EQ(requests[0].headers.find("content-type"), "application/json");
    EXPECT_EQ(requests[0].headers.find("x-token"), "a b");
    EXPECT_FALSE(requests[0].headers.find("traceparent"));

    const auto spans = spans_of(requests[0]);  // in the order of their ends
    ASSERT_THAT(spans, SizeIs(3));
    const auto &inner = spans[0], &call = spans[1], &outer = spans[2];
    for (const auto& span : spans)
        EXPECT_EQ(text(span, "traceId"), trace::hex(caller.trace_id));
    EXPECT_EQ(text(outer, "parentSpanId"), trace::hex(caller.span_id));
    EXPECT_EQ(text(call, "parentSpanId"), text(outer, "spanId"));
    EXPECT_EQ(text(inner, "parentSpanId"), text(call, "spanId"));

    EXPECT_EQ(text(outer, "name"), "GET /outer/{id}");
    EXPECT_EQ(outer.at("kind"), 2);
    EXPECT_EQ(attribute(outer, "http.route"), "/outer/{id}");
    EXPECT_EQ(attribute(outer, "url.path"), "/outer/7");
    EXPECT_EQ(attribute(outer, "http.request.method"), "GET");
    EXPECT_EQ(attribute(outer, "http.response.status_code"), "503");
    EXPECT_EQ(attribute(outer, "error.type"), "503");
    EXPECT_EQ(outer.at("status").at("code"), 2);
    EXPECT_LE(std::stoll(text(outer, "startTimeUnixNano")),
              std::stoll(text(inner, "startTimeUnixNano")));
    EXPECT_LE(std::stoll(text(inner, "endTimeUnixNano")),
              std::stoll(text(outer, "endTimeUnixNano")));

    EXPECT_EQ(text(call, "name"), "GET");
    EXPECT_EQ(call.at("kind"), 3);
    EXPECT_EQ(attribute(call, "server.address"), "127.0.0.1");
    EXPECT_EQ(attribute(call, "http.response.status_code"), "503");
    EXPECT_TRUE(attribute(call, "url.full").as_string().ends_with("/inner"));  // without the query
}

TEST(TraceExport, RecordsNothingOfATraceThatIsNotSampled) {
    Collector collector;
    TracedService service(config_for(collector.url()));
    auto caller = trace::new_trace();
    caller.sampled = false;
    EXPECT_EQ(service.get("/outer/7", caller), 503);
    EXPECT_EQ(service.end(), 0);
    EXPECT_THAT(collector.requests(), SizeIs(0));
}

TEST(TraceExport, TriesAgainWhenTheCollectorIsOverloaded) {
    Collector collector;
    collector.refusals = {503, 429};
    TracedService service(config_for(collector.url()));
    EXPECT_EQ(service.get("/inner", trace::new_trace()), 503);
    EXPECT_EQ(service.end(), 0);
    EXPECT_THAT(collector.requests(), SizeIs(3));
}

TEST(TraceExport, LetsNoRequestWaitForACollectorThatIsSilent) {
    // Accepts connections, as the kernel does, and never answers.
    asio::io_context context;
    const asio::ip::tcp::acceptor silent(context, {asio::ip::address_v4::loopback(), 0});
    auto config = config_for("http://127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
    config.timeout = 1h;
    config.batches = {.max_queue = 2, .max_batch = 1};
    const auto dropped = trace::span_stats().dropped;
    TracedService service(config);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(service.get("/inner", trace::new_trace()), 503);
    EXPECT_EQ(service.end(), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
    EXPECT_GE(trace::span_stats().dropped, dropped + 17);
}

TEST(TraceExportSettings, FollowTheStandardVariables) {
    const auto read = [](std::map<std::string, std::string> variables) {
        base::EnvReader env(std::move(variables));
        auto config = runtime::read_trace_export(env);
        env.finish();
        return config;
    };
    EXPECT_FALSE(read({}));
    const auto common = read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/base/"}});
    EXPECT_EQ(common->base_url, "http://collector:4318");
    EXPECT_EQ(common->target, "/base/v1/traces");
    EXPECT_EQ(common->batches.max_queue, 2048U);
    EXPECT_EQ(common->batches.max_batch, 512U);
    const auto own = read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"},
                           {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:1/in"},
                           {"OTEL_EXPORTER_OTLP_TIMEOUT", "1500"},
                           {"OTEL_BSP_MAX_QUEUE_SIZE", "100"},
                           {"OTEL_BSP_SCHEDULE_DELAY", "20"}});
    EXPECT_EQ(own->base_url, "http://traces:1");
    EXPECT_EQ(own->target, "/in");
    EXPECT_EQ(own->timeout, 1500ms);
    EXPECT_EQ(own->batches.max_batch, 100U);  // no more than the queue holds
    EXPECT_EQ(own->batches.schedule_delay, 20ms);

    for (const auto* url : {"collector:4318", "https://collector:4318", "http://u:p@collector"}) {
        EXPECT_THROW(read({{"OTEL_EXPORTER_OTLP_ENDPOINT", url}}), base::ConfigError) << url;
    }
    EXPECT_THROW(read({{"OTEL_EXPORTER_OTLP_HEADERS", "token"}}), base::ConfigError);
    EXPECT_THROW(read({{"OTEL_EXPORTER_OTLP_HEADERS", "token=a%0d%0ab"}}), base::ConfigError);
    EXPECT_THROW(read({{"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}}), base::ConfigError);
}

TEST(TraceExportSettings, NameTheServiceOnce) {
    base::EnvReader env(std::map<std::string, std::string>{
        {"OTEL_SERVICE_NAME", "shop"},
        {"OTEL_RESOURCE_ATTRIBUTES", "service.name=other,deployment.environment.name=a%2Cb"}});
    EXPECT_THAT(runtime::read_resource(env),
                testing::ElementsAre(std::pair("deployment.environment.name", "a,b"),
                                     std::pair("service.name", "shop")));
}

}  // namespace
