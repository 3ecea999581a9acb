#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <base/sleep.hpp>
#include <base/use_task.hpp>

namespace base {

Task<> sleep_for(std::chrono::steady_clock::duration duration) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
    const auto [error] = co_await timer.async_wait(use_task);
    if (error) throw boost::system::system_error(error);
}

}  // namespace base
