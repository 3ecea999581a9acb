// A coroutine, run to its end by a test.
#pragma once

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <base/task.hpp>

namespace test_support {
namespace detail {

// For a T that cannot be made out of nothing, as co_spawn's handler would need it.
template <class T>
base::Task<> store(base::Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
}

}  // namespace detail

/// Turns the context until the coroutine has ended; what else it has to do then is left. Rethrows
/// what the coroutine throws.
inline void run(boost::asio::io_context& context, base::Task<> task) {
    std::optional<std::exception_ptr> ended;
    boost::asio::co_spawn(context, std::move(task),
                          [&](const std::exception_ptr& failure) { ended = failure; });
    context.restart();
    while (!ended && context.run_one() > 0) {
    }
    if (*ended) std::rethrow_exception(*ended);
}

/// Yields what the coroutine yields.
template <class T>
T run(boost::asio::io_context& context, base::Task<T> task) {
    std::optional<T> result;
    run(context, detail::store(std::move(task), result));
    return *std::move(result);
}

}  // namespace test_support
