// The composition root: only this file connects the parts.
#include <application.hpp>
#include <commands.hpp>
#include <config.hpp>

#include <runtime/healthcheck.hpp>
#include <runtime/probes.hpp>
#include <runtime/service.hpp>
#include <telemetry/metrics.hpp>

namespace app {
namespace {

constexpr auto kServiceName = "react";

}  // namespace

int serve() {
    const auto config = read_config();
    runtime::apply_settings(config.settings, kServiceName);

    telemetry::Registry registry;
    telemetry::add_process_metrics(registry);
    telemetry::add_build_info(registry, kServiceName, kVersion);

    runtime::Workers workers(config.settings.threads);
    const auto application =
        make_application({.dist_dir = config.dist_dir, .connect_origins = config.connect_origins});

    // No check: the files, which are all that this service needs, are in memory by now.
    runtime::Readiness readiness;
    application->include(runtime::probes(readiness, registry)).observe(registry).start();
    return runtime::run_service(config.settings.service, workers, *application, readiness);
}

int check_health() {
    return runtime::healthcheck(read_port());
}

}  // namespace app
