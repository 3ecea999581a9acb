#include <exception>
#include <memory>
#include <stdexcept>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <base/use_task.hpp>
#include <web/router.hpp>
#include <web/timeout.hpp>

namespace web {
namespace {

namespace asio = boost::asio;

// Shared with the timer's completion, which may be queued when the handler ends.
struct Deadline {
    asio::cancellation_signal signal;
    bool ended = false;
    bool expired = false;
};

}  // namespace

Timeout::Timeout(std::chrono::milliseconds limit) : limit_(limit) {
    if (limit.count() <= 0) throw std::invalid_argument("a timeout has to be positive");
}

base::Task<Response> Timeout::handle(Exchange& exchange, const Route& route, Next next) {
    const auto executor = co_await asio::this_coro::executor;
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    const auto deadline = std::make_shared<Deadline>();
    // One of these around another: the outer one reaches the handler through the inner one.
    auto outer = cancellation.slot();
    if (outer.is_connected()) {
        outer.assign([deadline](asio::cancellation_type type) { deadline->signal.emit(type); });
    }
    asio::steady_timer timer(executor, route.time_limit.value_or(limit_));
    timer.async_wait([deadline](boost::system::error_code cancelled) {
        if (cancelled || deadline->ended) return;
        deadline->expired = true;
        deadline->signal.emit(asio::cancellation_type::terminal);
    });

    auto [failure, response] = co_await asio::co_spawn(
        executor, next(), asio::bind_cancellation_slot(deadline->signal.slot(), base::use_task));
    deadline->ended = true;
    if (!failure) co_return std::move(response);
    if (!deadline->expired) std::rethrow_exception(failure);
    co_return problem_response({.status = 504, .detail = "The request took too long."},
                               exchange.public_path());
}

void Timeout::document(Operation& operation, schema::Components& components) const {
    operation.add_problem(504, components);
}

}  // namespace web
