#include <exception>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <base/use_task.hpp>
#include <web/server_events.hpp>

namespace web {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kHeartbeatComment = ": keep-alive\n\n";

void append_field(std::string& text, std::string_view name, std::string_view value) {
    constexpr std::string_view kBreaking("\r\n\0", 3);
    if (value.find_first_of(kBreaking) != std::string_view::npos) {
        throw std::invalid_argument(fmt::format("an event's {} has a line break or NUL", name));
    }
    text.append(name).append(": ").append(value).append("\n");
}

// One field for each line; CR, LF and CRLF all end one.
void append_data(std::string& text, std::string_view data) {
    for (;;) {
        const auto end = data.find_first_of("\r\n");
        append_field(text, "data", data.substr(0, end));
        if (end == std::string_view::npos) return;
        data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
    }
}

// The one event that the source is asked for ahead, and the timer that its arrival cuts short.
// Shared with the source's coroutine, which may end after the body.
struct Pending {
    std::unique_ptr<EventSource> source;
    std::optional<asio::steady_timer> wake;
    bool asked = false;
    bool answered = false;
    std::optional<ServerEvent> event;
    std::exception_ptr failure;
};

base::Task<std::optional<ServerEvent>> ask(std::shared_ptr<Pending> pending) {
    co_return co_await pending->source->next();
}

class EventBody : public BodyStream {
public:
    EventBody(std::unique_ptr<EventSource> source, std::chrono::milliseconds heartbeat)
        : heartbeat_(heartbeat) {
        pending_->source = std::move(source);
    }
    ~EventBody() override { pending_->source->stop(); }
    EventBody(const EventBody&) = delete;
    EventBody& operator=(const EventBody&) = delete;

    base::Task<std::optional<std::string>> next() override {
        const auto pending = pending_;
        const auto executor = co_await asio::this_coro::executor;
        if (!pending->wake) pending->wake.emplace(executor);
        // Before it asks, or the answer that comes at once would have no timer to cut short.
        pending->wake->expires_after(heartbeat_);
        if (!std::exchange(pending->asked, true)) {
            asio::co_spawn(executor, ask(pending),
                           [pending](std::exception_ptr failure, std::optional<ServerEvent> event) {
                               pending->answered = true;
                               pending->failure = std::move(failure);
                               pending->event = std::move(event);
                               pending->wake->cancel();
                           });
        }
        if (!pending->answered) co_await pending->wake->async_wait(base::use_task);
        if (!pending->answered) co_return std::string(kHeartbeatComment);
        pending->asked = pending->answered = false;
        if (pending->failure) std::rethrow_exception(std::exchange(pending->failure, nullptr));
        if (!pending->event) co_return std::nullopt;
        co_return format_event(*pending->event);
    }

    void stop() noexcept override { pending_->source->stop(); }

private:
    std::shared_ptr<Pending> pending_ = std::make_shared<Pending>();
    std::chrono::milliseconds heartbeat_;
};

}  // namespace

std::string format_event(const ServerEvent& event) {
    std::string text;
    text.reserve(event.data.size() + 64);
    if (!event.id.empty()) append_field(text, "id", event.id);
    if (!event.event.empty()) append_field(text, "event", event.event);
    if (event.retry) append_field(text, "retry", std::to_string(event.retry->count()));
    if (!event.data.empty()) append_data(text, event.data);
    text.append("\n");
    return text;
}

std::shared_ptr<BodyStream> event_body(std::unique_ptr<EventSource> source,
                                       std::chrono::milliseconds heartbeat) {
    return std::make_shared<EventBody>(std::move(source), heartbeat);
}

namespace detail {

Response event_response(std::shared_ptr<BodyStream> body) {
    Response response;
    // X-Accel-Buffering: proxies that would otherwise collect a response before passing it on.
    response.headers = {{"Content-Type", "text/event-stream"},
                        {"Cache-Control", "no-store"},
                        {"X-Accel-Buffering", "no"}};
    response.stream = std::move(body);
    return response;
}

// As in OpenAPI 3.2: the stream is a sequence of events with JSON in a string as data.
void document_events(Operation& operation, boost::json::object data) {
    const boost::json::object text{{"type", "string"}};
    boost::json::object event{{"type", "object"},
                              {"required", {"data"}},
                              {"properties",
                               {{"id", text},
                                {"event", text},
                                {"retry", {{"type", "integer"}, {"minimum", 0}}},
                                {"data",
                                 {{"type", "string"},
                                  {"contentMediaType", "application/json"},
                                  {"contentSchema", std::move(data)}}}}}};
    operation.add_response(200, "A stream of Server-Sent Events", "text/event-stream",
                           {{"type", "array"}, {"items", std::move(event)}});
}

}  // namespace detail
}  // namespace web
