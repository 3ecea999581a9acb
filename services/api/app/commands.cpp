// The composition root: here, and only here, the parts meet.
#include <application.hpp>
#include <commands.hpp>
#include <config.hpp>
#include <iostream>

#include <services/housekeeping.hpp>
#include <services/postgres_item_events.hpp>
#include <services/postgres_item_service.hpp>
#include <services/postgres_item_statistics.hpp>

#include <database/database.hpp>
#include <database/migrate.hpp>
#include <runtime/healthcheck.hpp>
#include <runtime/host.hpp>
#include <runtime/periodic.hpp>

namespace app {
namespace {

constexpr auto kServiceName = "api";

}  // namespace

int serve() {
    const auto config = read_config();
    runtime::Host host(config.settings, kServiceName, kVersion);
    database::Database database(config.database, host.contexts(), host.registry());
    database.add_check_to(host.readiness());

    PostgresItemService items(database.pool(), host.contexts());
    PostgresItemStatistics statistics(database.pool());
    PostgresItemEvents events(database.pool(), config.database.url, host.contexts());
    faults::Injector faults(database.pool(), host.contexts(), host.registry(), resources());
    const auto application = make_application({items, statistics, events, &faults},
                                              {.root_path = config.root_path,
                                               .cors_origins = config.cors_origins,
                                               .swagger_ui_dir = config.swagger_ui_dir,
                                               .request_timeout = config.request_timeout,
                                               .trusted_proxies = config.trusted_proxies,
                                               .faults = config.faults});
    runtime::Periodic housekeeping(*host.contexts().front(), "housekeeping", kHousekeepingPeriod,
                                   [&] { return keep_house(database.pool(), statistics); });

    database.pool().start();
    events.start();
    housekeeping.start();
    return host.serve(*application, [&] {
        housekeeping.stop();
        events.stop();
        database.pool().stop();
    });
}

int migrate_database() {
    const auto config = read_config();
    runtime::apply_settings(config.settings, kServiceName);
    return database::migrate(config.database);
}

int print_migration_status() {
    const auto config = read_config();
    runtime::apply_settings(config.settings, kServiceName);
    return database::print_migration_status(config.database);
}

int print_openapi() {
    std::cout << openapi_text(*make_endpoints(documented_options()));
    return 0;
}

int check_health() {
    return runtime::healthcheck(read_port());
}

}  // namespace app
