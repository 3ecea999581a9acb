// The frame of every service around its application: settings, metrics, threads, probes, shutdown.
#pragma once

#include <functional>
#include <string>

#include <runtime/readiness.hpp>
#include <runtime/settings.hpp>
#include <runtime/workers.hpp>
#include <telemetry/metrics.hpp>

namespace web {
class App;
}

namespace runtime {

/// The frame of a service's `serve`:
///
///     runtime::Host host(config.settings, "api", kVersion);
///     database::Database database(config.database, host.contexts(), host.registry());
///     database.add_check_to(host.readiness());
///     const auto application = make_application(...);
///     database.pool().start();
///     return host.serve(*application, [&] { database.pool().stop(); });
class Host {
public:
    /// Sets up logs and tracing for the process (apply_settings()); the registry has the metrics
    /// of the process and build_info. `settings` outlives the host.
    Host(const Settings& settings, const std::string& name, const std::string& version);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] telemetry::Registry& registry() noexcept { return registry_; }
    [[nodiscard]] Readiness& readiness() noexcept { return readiness_; }
    /// Those of the worker threads.
    [[nodiscard]] std::span<boost::asio::io_context* const> contexts() const noexcept {
        return workers_.contexts();
    }

    /// Adds the probes, observes the requests, and serves until SIGTERM. `drained` is called when
    /// no request is in flight any more: see ServiceHooks. Returns the exit status, and throws,
    /// like run_service().
    [[nodiscard]] int serve(web::App& application, std::function<void()> drained = {});

private:
    const Settings& settings_;
    telemetry::Registry registry_;
    Workers workers_;
    Readiness readiness_;
};

}  // namespace runtime
