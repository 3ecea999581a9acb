#include <csignal>
#include <cstdlib>
#include <exception>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <base/context.hpp>
#include <base/sleep.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>
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

base::Task<> end_in_order(asio::signal_set& signals, const ServiceConfig& config, Workers& workers,
                          web::Server& server, Readiness& readiness, const ServiceHooks& hooks) {
    const auto [failed, number] = co_await signals.async_wait(base::use_task);
    // After a failure here the process could not shut down in order, so let it die.
    if (failed) throw boost::system::system_error(failed);
    log::info("draining", {{"signal", signal_name(number)},
                           {"delay_ms", config.drain_delay.count()},
                           {"timeout_ms", config.drain_timeout.count()}});
    readiness.start_draining();
    signals.async_wait([](boost::system::error_code error, int second) {
        if (!error) exit_at_once(second);
    });

    co_await base::sleep_for(config.drain_delay);

    const auto dropped = co_await server.drain(config.drain_timeout);
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
    base::spawn(context, end_in_order(signals, config, workers, server, readiness, hooks));
    if (hooks.started) hooks.started(server.port());

    workers.run();
    if (traces) traces->shutdown(kTraceFlushTime);
    log::info("stopped");
    return 0;
}

}  // namespace runtime
