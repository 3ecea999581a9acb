// Starts coroutines that nobody awaits.
#pragma once

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/io_context.hpp>

#include <base/context.hpp>
#include <base/task.hpp>

namespace base {

/// The end of a coroutine that should handle its failures. If an exception escapes anyway,
/// io_context::run() throws it, so that nothing stops silently.
inline constexpr auto rethrow = [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
};

/// Starts a coroutine that nobody awaits and that works for no request. On the executor's own
/// thread it runs up to its first suspension before this returns. `ended` is called as
/// asio::co_spawn calls it: with a std::exception_ptr and, unless T is void, with the T.
///
/// To continue to work for the current request, use asio::co_spawn.
template <class Executor, class T, class Handler = decltype(rethrow)>
    requires(boost::asio::execution::is_executor<Executor>::value)
void spawn(const Executor& executor, Task<T> task, Handler ended = rethrow) {
    boost::asio::dispatch(executor,
                          [executor, task = std::move(task), ended = std::move(ended)]() mutable {
                              const ContextScope no_request;
                              boost::asio::co_spawn(executor, std::move(task), std::move(ended));
                          });
}

template <class T, class Handler = decltype(rethrow)>
void spawn(boost::asio::io_context& context, Task<T> task, Handler ended = rethrow) {
    spawn(context.get_executor(), std::move(task), std::move(ended));
}

}  // namespace base
