// The Dash program: `dash-app --help` lists what it can do.
#include <application.hpp>
#include <commands.hpp>

#include <runtime/command_line.hpp>

int main(int argc, char** argv) {
    const runtime::Program program{
        .name = "dash-app",
        .version = app::kVersion,
        .summary = "The dashboard of the Microservices Learning Platform.",
        .commands = {{"serve", "Serve HTTP until SIGTERM (the default)", app::serve},
                     {"healthcheck", "Exit 0 if the dashboard on this machine answers",
                      app::check_health},
                     {"bundles", "Print the files that it reads in DASH_SUITES_DIR, for images",
                      app::list_bundles}},
    };
    return runtime::run_program(program, argc, argv);
}
