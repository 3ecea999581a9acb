// Awaits an asynchronous operation of Asio, or of our own, without losing the context of the
// request.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <base/context.hpp>
#include <base/task.hpp>

namespace base {

/// The completion token of this platform: what `asio::as_tuple(asio::use_awaitable)` is to Asio,
/// and the coroutine resumes in the context in which it began to wait.
///
///     const auto [error, size] = co_await socket.async_read_some(buffer, base::use_task);
///
/// Errors are values: the tuple has the arguments of the operation's handler. `co_await` itself
/// throws boost::system::system_error (operation_aborted) if the coroutine was cancelled earlier.
struct UseTask {};
inline constexpr UseTask use_task;

namespace detail {

using UseAwaitable = boost::asio::use_awaitable_t<Task<>::executor_type>;

/// Resumes a coroutine in its own context. Then restores the context of the code that completed the
/// operation: the event loop, which has none, or another coroutine.
template <class Handler>
class InContext {
public:
    explicit InContext(Handler handler) : handler_(std::move(handler)) {}

    template <class... Args>
    void operator()(Args&&... args) {
        const ContextScope scope(context_);
        std::move(handler_)(std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...));
    }

    [[nodiscard]] const Handler& inner() const noexcept { return handler_; }

private:
    Handler handler_;
    TraceContext context_ = base::current_context();
};

}  // namespace detail
}  // namespace base

namespace boost::asio {

template <class R, class... Args>
class async_result<base::UseTask, R(Args...)> {
    using Inner = async_result<base::detail::UseAwaitable, R(std::tuple<std::decay_t<Args>...>)>;

public:
    /// For code that stores handlers: it needs no allocation.
    using handler_type = base::detail::InContext<typename Inner::handler_type>;
    using return_type = typename Inner::return_type;

    template <class Initiation, class... InitArgs>
    static auto initiate(Initiation&& initiation, base::UseTask, InitArgs&&... args) {
        return Inner::initiate(
            [initiation = std::forward<Initiation>(initiation)](auto&& handler,
                                                                auto&&... init_args) mutable {
                std::move(initiation)(handler_type(std::forward<decltype(handler)>(handler)),
                                      std::forward<decltype(init_args)>(init_args)...);
            },
            base::detail::UseAwaitable(), std::forward<InitArgs>(args)...);
    }
};

// The executor, the cancellation slot and the allocator of the coroutine's own handler.
template <template <class, class> class Associator, class Handler, class Default>
struct associator<Associator, base::detail::InContext<Handler>, Default>
    : Associator<Handler, Default> {
    static auto get(const base::detail::InContext<Handler>& handler) noexcept {
        return Associator<Handler, Default>::get(handler.inner());
    }
    static auto get(const base::detail::InContext<Handler>& handler,
                    const Default& otherwise) noexcept {
        return Associator<Handler, Default>::get(handler.inner(), otherwise);
    }
};

}  // namespace boost::asio
