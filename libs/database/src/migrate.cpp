#include <chrono>
#include <iostream>
#include <string_view>

#include <fmt/format.h>

#include <base/time.hpp>
#include <database/migrate.hpp>
#include <postgres/migrations.hpp>
#include <telemetry/log.hpp>

namespace database {
namespace {

std::string_view state_name(postgres::MigrationStatus::State state) {
    using State = postgres::MigrationStatus::State;
    switch (state) {
        case State::kApplied:
            return "applied";
        case State::kPending:
            return "pending";
        case State::kChecksumDiffers:
            return "checksum differs";
        case State::kMissingFile:
            return "newer release";
    }
    return "unknown";
}

}  // namespace

MigrationReport migration_status(const Config& config) {
    using State = postgres::MigrationStatus::State;
    const auto migrations = postgres::Migrations::load(config.migrations_dir);
    const int newest = migrations.all().back().version;
    MigrationReport report{.current = true};
    for (const auto& each : postgres::migration_status(config.url, migrations)) {
        report.text +=
            fmt::format("{:04}  {:<16}  {:<27}  {}\n", each.version, state_name(each.state),
                        each.applied_at ? base::format_rfc3339(*each.applied_at) : "-", each.name);
        if (each.state == State::kPending || each.state == State::kChecksumDiffers ||
            each.requires_code > newest) {
            report.current = false;
        }
    }
    return report;
}

int migrate(const Config& config) {
    const auto migrations = postgres::Migrations::load(config.migrations_dir);
    const auto applied = postgres::migrate(
        config.url, migrations,
        {.on_applied = [](const postgres::Migration& migration, std::chrono::milliseconds took) {
            telemetry::log::info("migration applied", {{"version", migration.version},
                                                       {"name", migration.name},
                                                       {"duration_ms", took.count()}});
        }});
    telemetry::log::info("schema is current",
                         {{"version", migrations.all().back().version}, {"applied", applied}});
    telemetry::log::flush();
    return 0;
}

int print_migration_status(const Config& config) {
    const auto status = migration_status(config);
    std::cout << status.text;
    return status.current ? 0 : 1;
}

}  // namespace database
