// The program that serves the built React app: `react-app --help` lists what it can do.
#include <application.hpp>
#include <commands.hpp>

#include <runtime/command_line.hpp>

int main(int argc, char** argv) {
    const runtime::Program program{
        .name = "react-app",
        .version = app::kVersion,
        .summary = "The page of the Microservices Learning Platform.",
        .commands = {{"serve", "Serve HTTP until SIGTERM (the default)", app::serve},
                     {"healthcheck", "Exit 0 if the server on this machine answers",
                      app::check_health}},
    };
    return runtime::run_program(program, argc, argv);
}
