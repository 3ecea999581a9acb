// Coroutines that run on their own.
#pragma once

#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <base/task.hpp>

namespace postgres {

/// Starts a coroutine that nobody awaits. Those of this library handle their failures; should one
/// throw all the same, it leaves io_context::run() rather than stop the pool in silence.
inline void spawn(boost::asio::io_context& context, base::Task<> task) {
    boost::asio::co_spawn(context, std::move(task), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

}  // namespace postgres
