// A response body that is made while it is sent: exports too large for memory, events that have not
// happened yet.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <base/task.hpp>

namespace web {

/// The transport requests a piece, writes it, and only then requests the next one, so a slow reader
/// slows the stream down and costs no memory. A stream must bound what it buffers itself (events
/// that arrive at any time). All calls come from the connection's thread, at most one next() at a
/// time.
class BodyStream {
public:
    virtual ~BodyStream() = default;

    /// The next piece, never empty; nullopt: the body is complete. An exception breaks the
    /// connection off, so that no client takes the part for the whole; web::App logs it.
    [[nodiscard]] virtual base::Task<std::optional<std::string>> next() = 0;

    /// The client has gone, or the server drains. An endless stream then returns nullopt soon from
    /// a waiting next() and from later ones. A body with an end (a download) does nothing here: the
    /// rest is sent within the drain's time limit, and next() is not called again if the client has
    /// gone. May be called more than once.
    virtual void stop() noexcept = 0;
};

}  // namespace web
