#include <utility>

#include <runtime/host.hpp>
#include <runtime/probes.hpp>
#include <runtime/service.hpp>
#include <web/app.hpp>

namespace runtime {

Host::Host(const Settings& settings, const std::string& name, const std::string& version)
    : settings_(settings), workers_(settings.threads) {
    apply_settings(settings, name);
    telemetry::add_process_metrics(registry_);
    telemetry::add_build_info(registry_, name, version);
}

int Host::serve(web::App& application, std::function<void()> drained) {
    application.include(probes(readiness_, registry_)).observe(registry_).start();
    return run_service(settings_.service, workers_, application, readiness_,
                       {.drained = std::move(drained)});
}

}  // namespace runtime
