// A response body that is made while it is sent: exports too large for memory, events that have not
// happened yet.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <base/task.hpp>

namespace web {

/// The transport asks for a piece, writes it, and only then asks for the next: a slow reader slows
/// the stream down and costs no memory. What a stream buffers itself (events that come at their own
/// pace) it has to bound. All calls come from the connection's thread, at most one next() at a
/// time.
class BodyStream {
public:
    virtual ~BodyStream() = default;

    /// The next piece, never empty; nullopt: the body is complete. An exception is logged and
    /// breaks the connection off, so that no client takes the part for the whole.
    [[nodiscard]] virtual base::Task<std::optional<std::string>> next() = 0;

    /// Nobody will read much more: the client has gone, or the server drains. An endless stream has
    /// a waiting next(), and any later one, return nullopt soon. A body with an end of its own
    /// (a download) does nothing here: what is left is then sent within the drain's time limit, and
    /// once the client has gone next() is not called again. May come more than once.
    virtual void stop() noexcept = 0;
};

}  // namespace web
