// The composition root: here, and only here, the parts meet.
#include <application.hpp>
#include <commands.hpp>
#include <config.hpp>
#include <database.hpp>
#include <iostream>

#include <services/postgres_item_service.hpp>

#include <runtime/healthcheck.hpp>
#include <runtime/probes.hpp>
#include <runtime/service.hpp>

namespace app {
namespace {

constexpr auto kServiceName = "api";

// `api openapi` needs the types of the endpoints and never calls the service behind them.
class NoItems final : public ItemService {
    [[noreturn]] static void unreachable() {
        throw std::logic_error("the OpenAPI document is made without serving");
    }
    base::Task<ItemPage> list(ItemFilter) override { unreachable(); }
    base::Task<ItemRead> add(ItemCreate) override { unreachable(); }
    base::Task<std::optional<ItemRead>> find(std::int64_t) override { unreachable(); }
    base::Task<UpdateOutcome> replace(std::int64_t, ItemReplace, Precondition) override {
        unreachable();
    }
    base::Task<UpdateOutcome> patch(std::int64_t, ItemPatch, Precondition) override {
        unreachable();
    }
    base::Task<DeleteOutcome> remove(std::int64_t, Precondition) override { unreachable(); }
};

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

    PostgresItemService items(database.pool());
    const auto application = make_application(items, {.root_path = config.root_path,
                                                      .cors_origins = config.cors_origins,
                                                      .swagger_ui_dir = config.swagger_ui_dir});
    application->include(runtime::probes(readiness, registry)).observe(registry).start();

    database.pool().start();
    return runtime::run_service(config.settings.service, workers, *application, readiness,
                                {.drained = [&database] { database.pool().stop(); }});
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
    NoItems items;
    std::cout << openapi_text(*make_application(items));
    return 0;
}

int check_health() {
    return runtime::healthcheck(read_port());
}

}  // namespace app
