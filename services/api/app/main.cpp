// The API's program: `api --help` lists what it can do.
#include <application.hpp>
#include <commands.hpp>

#include <runtime/command_line.hpp>

int main(int argc, char** argv) {
    const runtime::Program program{
        .name = "api",
        .version = app::kVersion,
        .summary = "The API of the Microservices Learning Platform.",
        .commands = {{"serve", "Serve HTTP until SIGTERM (the default)", app::serve},
                     {"migrate", "Bring the database's schema up to date", app::migrate_database},
                     {"migrate --status", "List what is applied and what is not",
                      app::print_migration_status},
                     {"openapi", "Print the OpenAPI document", app::print_openapi},
                     {"healthcheck", "Exit 0 if the API on this machine answers",
                      app::check_health}},
    };
    return runtime::run_program(program, argc, argv);
}
