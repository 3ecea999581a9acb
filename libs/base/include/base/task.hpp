// The coroutine type of the platform: what `async def` is to Python.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace base {

/// A lazily started coroutine that yields a T. It runs on the executor of its caller, so a request
/// stays on one thread from its first byte to its last and needs no lock.
template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace base
