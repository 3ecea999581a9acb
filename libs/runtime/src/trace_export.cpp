#include <array>
#include <atomic>
#include <charconv>
#include <exception>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <base/spawn.hpp>
#include <runtime/trace_export.hpp>
#include <web/client.hpp>

namespace runtime {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using telemetry::trace::SendResult;

// Collectors answer in a few bytes; a longer body comes from something else.
constexpr std::size_t kMaxResponseBytes = 64UL * 1024;
constexpr std::int64_t kMaxRetryAfterSeconds = 60;

// Only seconds: a date would need synchronised clocks (RFC 9110, 10.2.3).
std::optional<std::chrono::milliseconds> retry_after(const web::Response& response) {
    const auto header = response.headers.find("Retry-After");
    if (!header) return std::nullopt;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(header->begin(), header->end(), seconds);
    if (error != std::errc() || end != header->end() || seconds < 0) return std::nullopt;
    return std::chrono::seconds(std::min(seconds, kMaxRetryAfterSeconds));
}

// {"partialSuccess":{"rejectedSpans":"2",...}}; a 64-bit integer of ProtoJSON may be text or
// number.
std::size_t rejected_spans(const web::Response& response) {
    boost::system::error_code error;
    const auto body = json::parse(response.content(), error);
    if (error) return 0;
    const auto* rejected = body.find_pointer("/partialSuccess/rejectedSpans", error);
    if (rejected == nullptr) return 0;
    if (rejected->is_string()) {
        std::size_t count = 0;
        const std::string_view text = rejected->get_string();
        std::from_chars(text.data(), text.data() + text.size(), count);
        return count;
    }
    return rejected->is_int64() && rejected->get_int64() > 0
               ? static_cast<std::size_t>(rejected->get_int64())
               : 0;
}

// Runs the asynchronous client to the end of each call on the exporter's own thread, away from the
// threads that serve requests, with its own connections.
class HttpSender final : public telemetry::trace::SpanSender {
public:
    explicit HttpSender(const TraceExportConfig& config)
        : client_({.base_url = config.base_url,
                   .timeout = config.timeout,
                   .max_response_bytes = kMaxResponseBytes,
                   .max_idle_connections = 1},
                  std::array<asio::io_context*, 1>{&context_}) {
        request_.method = web::Method::kPost;
        request_.target = config.target;
        request_.headers = config.headers;
        request_.headers.set("Content-Type", "application/json");
    }
    ~HttpSender() override { context_.shutdown(); }
    HttpSender(const HttpSender&) = delete;
    HttpSender& operator=(const HttpSender&) = delete;

    SendResult send(const std::string& body) override {
        context_.restart();
        if (cancelled_) return {.failure = "the process ends"};
        auto request = request_;
        request.body = body;
        SendResult result{.failure = "the process ends"};
        base::spawn(context_, client_.send(std::move(request)),
                    [&result](const std::exception_ptr& failure, const web::Response& response) {
                        result = result_of(failure, response);
                    });
        context_.run();
        return result;
    }

    void cancel() noexcept override {
        cancelled_ = true;
        context_.stop();
    }

private:
    static SendResult result_of(const std::exception_ptr& failure, const web::Response& response) {
        if (failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& error) {
                return {.failure = error.what()};
            }
        }
        return {.status = response.status,
                .rejected = rejected_spans(response),
                .retry_after = retry_after(response)};
    }

    struct Context : asio::io_context {
        using io_context::io_context;
        // Destroys a call that was cancelled half-way, which uses the client.
        using execution_context::shutdown;
    };

    Context context_{1};
    web::Client client_;
    web::Request request_;
    std::atomic<bool> cancelled_{false};
};

}  // namespace

std::unique_ptr<telemetry::trace::SpanExporter> start_trace_export(
    const TraceExportConfig& config) {
    return std::make_unique<telemetry::trace::SpanExporter>(config.batches,
                                                            std::make_unique<HttpSender>(config));
}

}  // namespace runtime
