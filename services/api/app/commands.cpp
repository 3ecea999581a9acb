// The composition root: here, and only here, the parts meet.
#include <application.hpp>
#include <commands.hpp>
#include <config.hpp>
#include <iostream>

#include <services/housekeeping.hpp>

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

    Application application(database.pool(), host.contexts(), host.registry(),
                            {.root_path = config.root_path,
                             .cors_origins = config.cors_origins,
                             .swagger_ui_dir = config.swagger_ui_dir,
                             .request_timeout = config.request_timeout,
                             .trusted_proxies = config.trusted_proxies,
                             .faults = config.faults});
    runtime::Periodic housekeeping(
        *host.contexts().front(), "housekeeping", kHousekeepingPeriod,
        [&] { return keep_house(database.pool(), application.statistics); });

    database.pool().start();
    application.start();
    housekeeping.start();
    return host.serve(*application.endpoints, [&] {
        housekeeping.stop();
        application.stop();
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
