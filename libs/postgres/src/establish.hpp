// Connecting without blocking the thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <base/task.hpp>

#include "wire.hpp"

namespace postgres {

using Descriptor = boost::asio::posix::stream_descriptor;

/// Completes the connection that `wire` has begun. Returns an empty text, or why it failed; on
/// success `socket` is registered with Asio. `given_up` says why to stop, or nothing; it is asked
/// whenever a wait ends, so cancel the socket when its answer changes. The references outlive the
/// coroutine.
[[nodiscard]] base::Task<std::string> establish(boost::asio::io_context& context, Wire& wire,
                                                std::optional<Descriptor>& socket,
                                                std::function<std::string()> given_up);

/// Takes the descriptor from Asio: closing it is libpq's business.
void release(std::optional<Descriptor>& socket);

}  // namespace postgres
