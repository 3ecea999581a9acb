// The command line of a service: `api`, `api migrate`, `api --help`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace runtime {

struct Command {
    std::string name;          ///< "migrate", or with a flag of its own: "migrate --status"
    std::string summary;       ///< a line of --help
    std::function<int()> run;  ///< yields the exit status
};

struct Program {
    std::string name;
    std::string version;
    std::string summary;
    std::vector<Command> commands;  ///< the first one is the default
};

/// Runs the command that the arguments name and returns the exit status. --help and --version print
/// to stdout. Invalid arguments or a base::ConfigError (one line for each problem) give exit status
/// 2 and an explanation on stderr. Any other exception is logged and gives 1. The log is always
/// flushed.
[[nodiscard]] int run_program(const Program& program, std::span<const char* const> arguments);

/// The same with the arguments of main().
[[nodiscard]] inline int run_program(const Program& program, int argc, const char* const* argv) {
    return run_program(program, {argv, static_cast<std::size_t>(argc)});
}

}  // namespace runtime
