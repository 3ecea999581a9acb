// Two coroutines at the same time.
#pragma once

#include <exception>
#include <tuple>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include <base/task.hpp>
#include <base/use_task.hpp>

namespace base {

/// Awaits both, which take turns on the caller's thread and work for its request. If one throws,
/// the other is cancelled, and the exception is thrown once it has ended. A and B have default
/// constructors. Unlike Asio's operator&&, it keeps the request's context.
template <class A, class B>
[[nodiscard]] Task<std::tuple<A, B>> when_all(Task<A> first, Task<B> second) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto [order, first_failure, a, second_failure, b] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor, std::move(first), asio::deferred),
            asio::co_spawn(executor, std::move(second), asio::deferred))
            .async_wait(asio::experimental::wait_for_one_error(), use_task);
    const auto earlier = order[0] == 0 ? first_failure : second_failure;
    const auto later = order[0] == 0 ? second_failure : first_failure;
    if (earlier || later) std::rethrow_exception(earlier ? earlier : later);
    co_return std::tuple(std::move(a), std::move(b));
}

}  // namespace base
