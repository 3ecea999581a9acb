// Server-Sent Events (WHATWG HTML, section 9.2, https://html.spec.whatwg.org/#server-sent-events):
// what browsers read with `new EventSource(url)`.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <base/task.hpp>
#include <schema/schema.hpp>
#include <web/body_stream.hpp>
#include <web/reply.hpp>

namespace web {

struct ServerEvent {
    std::string data;   ///< any text; "" only carries the id or retry, and no listener is called
    std::string event;  ///< the type that listeners name; "": "message"
    std::string id;     ///< the value that a client sends back as Last-Event-ID; "": unchanged
    std::optional<std::chrono::milliseconds> retry;  ///< how long a client waits to reconnect
};

/// The event as it travels. Throws std::invalid_argument for a line break or a NUL in `event` or
/// `id`: either would be read as something else.
[[nodiscard]] std::string format_event(const ServerEvent& event);

/// An event whose data is the value as JSON.
template <schema::Codable T>
[[nodiscard]] ServerEvent json_event(const T& value, std::string type, std::string id) {
    return {.data = schema::to_json(value), .event = std::move(type), .id = std::move(id)};
}

/// The source of one client's events. It is bounded: if its reader falls behind, the source ends,
/// and the client reconnects with the id of its last event. Used on one thread.
class EventSource {
public:
    virtual ~EventSource() = default;
    /// Waits for the next event; nullopt: there will be no more.
    [[nodiscard]] virtual base::Task<std::optional<ServerEvent>> next() = 0;
    /// A waiting next(), and any later one, returns nullopt soon. The source lives until it has.
    virtual void stop() noexcept = 0;
};

/// Proxies and browsers give up on a connection that is silent for a minute or so.
inline constexpr std::chrono::milliseconds kHeartbeat{15'000};

/// The source's events as a response body. After `heartbeat` without an event it sends a comment,
/// which clients ignore and which finds out those that have vanished.
[[nodiscard]] std::shared_ptr<BodyStream> event_body(std::unique_ptr<EventSource> source,
                                                     std::chrono::milliseconds heartbeat);

/// The return type of a handler that streams events with a T as JSON. With Header<"Last-Event-ID",
/// std::optional<std::string>> among its parameters it can resume.
template <schema::Codable T>
struct EventStream {
    std::unique_ptr<EventSource> source;
    std::chrono::milliseconds heartbeat = kHeartbeat;
};

namespace detail {
[[nodiscard]] Response event_response(std::shared_ptr<BodyStream> body);
void document_events(Operation& operation, boost::json::object data);
}  // namespace detail

template <schema::Codable T>
struct Reply<EventStream<T>> {
    static constexpr std::string_view media_type = "text/event-stream";

    static Response make(EventStream<T> events, const Exchange&) {
        return detail::event_response(event_body(std::move(events.source), events.heartbeat));
    }
    static void document(Operation& operation, schema::Components& components) {
        const schema::Components::OutputScope output(components);
        detail::document_events(operation, schema::Codec<T>::describe(components));
    }
};

}  // namespace web
