// One client's connection: requests come in, are handled one after another, and their responses
// go out in the same order (RFC 9112, 9.3).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <boost/intrusive/list.hpp>

#include <base/task.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

#include "server/input_buffer.hpp"
#include "server/request_parser.hpp"
#include "server/response_head.hpp"
#include "server/worker.hpp"

namespace web::server {

/// Nothing here throws because of what a peer does: a connection that breaks simply ends. It is in
/// its worker's list, which times it out and drains it, for as long as it lives.
class Connection : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    using Clock = std::chrono::steady_clock;

    /// Takes over a place that the worker has counted, and gives it back when it ends.
    Connection(std::shared_ptr<Worker> worker, Socket socket, std::string remote_address);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Serves until either side closes.
    static base::Task<> serve(std::unique_ptr<Connection> self);

    // Called by the worker, on the same thread, while serve() is suspended.
    /// Ends what the connection waits for if that has taken too long.
    void expire(Clock::time_point now);
    /// The server stops: close if no request has begun.
    void begin_drain();
    /// Closes at once. Returns whether a request was in flight.
    bool drop();

private:
    enum class Phase {
        kIdle,      // waits for the first byte of a request
        kHeader,    // has part of a header
        kBody,      // has a header and part of a body
        kHandling,  // the application works on it; its time limits are its own
        kWriting,
        kStreaming,  // waits for the next piece of a response body
        kLingering,  // answered and closed for writing; reads what the peer still sends
    };

    /// Returns whether the connection can take another request.
    [[nodiscard]] base::Task<bool> serve_request();
    /// Returns whether there is something to answer: a request, or one that is refused.
    [[nodiscard]] base::Task<bool> read_request(RequestParser& parser);
    /// Returns whether all of it was written.
    [[nodiscard]] base::Task<bool> write(std::string_view head, std::string_view body);
    [[nodiscard]] base::Task<> linger();

    // Streamed responses, in streaming.cpp.
    /// Returns whether the body was written to its end.
    [[nodiscard]] base::Task<bool> write_stream(std::string head, BodyStream& stream, bool chunked);
    [[nodiscard]] base::Task<bool> write_pieces(std::string head, BodyStream& stream, bool chunked);
    /// Requests a piece from the stream; an exception of the stream sets `failed`.
    [[nodiscard]] base::Task<std::optional<std::string>> next_piece(BodyStream& stream,
                                                                    bool& failed);
    /// Notices that the client goes while a stream waits.
    void watch_peer();
    void on_readable();

    /// Calls the handler; never throws for what the handler throws.
    [[nodiscard]] base::Task<Response> handle(Request request);
    [[nodiscard]] Response internal_error(std::string_view cause);
    [[nodiscard]] std::string head_of(Response& response, const Framing& framing);

    /// How large a body may be that is larger than most, or why it is refused.
    [[nodiscard]] std::variant<std::size_t, Refusal> larger_body(const Request& request);
    void release_large_body() noexcept;

    void enter(Phase phase, std::chrono::milliseconds limit);
    void follow(const RequestParser& parser);
    /// Decides what an aborted or failed read means. Returns whether to go on reading.
    [[nodiscard]] bool survives(boost::system::error_code error, RequestParser& parser);

    std::shared_ptr<Worker> worker_;
    Socket socket_;
    std::string remote_address_;
    InputBuffer input_;
    Clock::time_point deadline_ = Clock::time_point::max();
    Phase phase_ = Phase::kIdle;
    bool served_any_ = false;
    bool expired_ = false;  // expire() ended the current read or write
    bool dropped_ = false;
    bool has_large_body_ = false;
    std::size_t body_mark_ = 0;  // the part of the body that the time limit at hand is behind
    bool linger_ = false;        // the peer may still be sending when we close

    struct Watch;
    BodyStream* stream_ = nullptr;  // the one that is being sent
    std::shared_ptr<Watch> watch_;  // set while a wait for the peer is pending
    bool peer_gone_ = false;
};

}  // namespace web::server
