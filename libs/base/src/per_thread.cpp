#include <boost/asio/io_context.hpp>

#include <base/per_thread.hpp>

namespace base {

bool detail::runs_here(boost::asio::io_context& context) noexcept {
    return context.get_executor().running_in_this_thread();
}

}  // namespace base
