#include <csignal>
#include <cstdlib>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <base/context.hpp>
#include <runtime/service.hpp>
#include <telemetry/log.hpp>

namespace runtime {

namespace asio = boost::asio;
namespace log = telemetry::log;

namespace {

// Time for the last spans to reach the collector. A dead collector must not delay the end of the
// process.
constexpr std::chrono::seconds kTraceFlushTime(2);

std::string_view signal_name(int number) {
    return number == SIGINT ? "SIGINT" : "SIGTERM";
}

// A second signal means "now". Destructors do not run, because other threads still work.
[[noreturn]] void exit_at_once(int number) {
    const base::ContextScope no_request;
    log::error("second signal, ending without draining", {{"signal", signal_name(number)}});
    log::flush();
    std::_Exit(128 + number);
}

// After a failure here the process could not shut down in order, so let it die.
void rethrow(const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
}

base::Task<> end_in_order(asio::signal_set& signals, const ServiceConfig& config, Workers& workers,
                          web::Server& server, Readiness& readiness, const ServiceHooks& hooks) {
    // Requests run on this thread too; the lines that are logged here belong to none of them.
    const base::ContextKeeper no_request;
    const int number = co_await signals.async_wait(asio::use_awaitable);
    no_request.restore();
    log::info("draining", {{"signal", signal_name(number)},
                           {"delay_ms", config.drain_delay.count()},
                           {"timeout_ms", config.drain_timeout.count()}});
    readiness.start_draining();
    signals.async_wait([](boost::system::error_code error, int second) {
        if (!error) exit_at_once(second);
    });

    asio::steady_timer delay(co_await asio::this_coro::executor, config.drain_delay);
    co_await delay.async_wait(asio::use_awaitable);
    no_request.restore();

    const auto dropped = co_await server.drain(config.drain_timeout);
    no_request.restore();
    if (dropped > 0) log::warn("requests cut off at the drain timeout", {{"count", dropped}});
    if (hooks.drained) hooks.drained();

    signals.cancel();
    workers.stop();
}

}  // namespace

int run_service(ServiceConfig config, Workers& workers, web::Handler& handler, Readiness& readiness,
                ServiceHooks hooks) {
    std::signal(SIGPIPE, SIG_IGN);
    // Outlives the threads that record.
    const auto traces = config.traces ? start_trace_export(*config.traces) : nullptr;
    auto& context = *workers.contexts().front();
    asio::signal_set signals(context, SIGTERM, SIGINT);

    web::Server server(config.server, handler, workers.contexts());
    server.start();
    log::info("listening", {{"address", config.server.host},
                            {"port", server.port()},
                            {"threads", workers.contexts().size()}});
    asio::co_spawn(context, end_in_order(signals, config, workers, server, readiness, hooks),
                   rethrow);
    if (hooks.started) hooks.started(server.port());

    workers.run();
    if (traces) traces->shutdown(kTraceFlushTime);
    log::info("stopped");
    return 0;
}

}  // namespace runtime
