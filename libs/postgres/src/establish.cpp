#include "establish.hpp"

#include <base/use_task.hpp>

namespace asio = boost::asio;

namespace postgres {

base::Task<std::string> establish(asio::io_context& context, Wire& wire,
                                  std::optional<Descriptor>& socket,
                                  std::function<std::string()> given_up) {
    auto readiness = Descriptor::wait_write;
    while (true) {
        // libpq may go on with another socket (the next address, TLS refused) that can even have
        // the same number, so it is registered with Asio for one wait only.
        socket.emplace(context);
        boost::system::error_code refused;
        if (wire.socket() < 0) co_return wire.error();
        socket->assign(wire.socket(), refused);
        if (refused) co_return refused.message();
        co_await socket->async_wait(readiness, base::use_task);
        std::string reason = given_up();
        if (!reason.empty()) co_return reason;
        socket->release();
        switch (wire.poll()) {
            case PGRES_POLLING_READING:
                readiness = Descriptor::wait_read;
                break;
            case PGRES_POLLING_WRITING:
                readiness = Descriptor::wait_write;
                break;
            case PGRES_POLLING_OK:
                socket->assign(wire.socket(), refused);
                if (refused) co_return refused.message();
                co_return std::string();
            default:
                co_return wire.error();
        }
    }
}

void release(std::optional<Descriptor>& socket) {
    if (socket && socket->is_open()) socket->release();
    socket.reset();
}

}  // namespace postgres
