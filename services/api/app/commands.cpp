// The composition root: here, and only here, the parts meet.
#include <application.hpp>
#include <commands.hpp>
#include <config.hpp>
#include <database.hpp>
#include <iostream>

#include <services/housekeeping.hpp>
#include <services/postgres_item_events.hpp>
#include <services/postgres_item_service.hpp>
#include <services/postgres_item_statistics.hpp>

#include <runtime/healthcheck.hpp>
#include <runtime/probes.hpp>
#include <runtime/service.hpp>

namespace app {
namespace {

constexpr auto kServiceName = "api";

}  // namespace

int serve() {
    const auto config = read_config();
    runtime::apply_settings(config.settings, kServiceName);

    telemetry::Registry registry;
    telemetry::add_process_metrics(registry);
    telemetry::add_build_info(registry, kServiceName, kVersion);

    runtime::Workers workers(config.settings.threads);
    Database database(config, workers.contexts(), registry);
    runtime::Readiness readiness;
    database.add_check_to(readiness);

    PostgresItemService items(database.pool(), workers.contexts());
    PostgresItemStatistics statistics(database.pool());
    PostgresItemEvents events(database.pool(), config.database_url, workers.contexts());
    faults::Injector faults(database.pool(), workers.contexts(), registry, resources());
    const auto application = make_application({items, statistics, events, &faults},
                                              {.root_path = config.root_path,
                                               .cors_origins = config.cors_origins,
                                               .swagger_ui_dir = config.swagger_ui_dir,
                                               .request_timeout = config.request_timeout,
                                               .trusted_proxies = config.trusted_proxies,
                                               .faults = config.faults});
    application->include(runtime::probes(readiness, registry)).observe(registry).start();

    database.pool().start();
    events.start();
    Housekeeping housekeeping(database.pool(), statistics, *workers.contexts().front());
    housekeeping.start();
    return runtime::run_service(config.settings.service, workers, *application, readiness,
                                {.drained = [&] {
                                    housekeeping.stop();
                                    events.stop();
                                    database.pool().stop();
                                }});
}

int migrate_database() {
    const auto config = read_config();
    runtime::apply_settings(config.settings, kServiceName);
    return migrate(config);
}

int print_migration_status() {
    const auto config = read_config();
    runtime::apply_settings(config.settings, kServiceName);
    const auto status = migration_status(config);
    std::cout << status.text;
    return status.current ? 0 : 1;
}

int print_openapi() {
    std::cout << openapi_text(*make_endpoints(documented_options()));
    return 0;
}

int check_health() {
    return runtime::healthcheck(read_port());
}

}  // namespace app
