#include <algorithm>
#include <cstdio>
#include <exception>
#include <sstream>

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <base/errors.hpp>
#include <runtime/command_line.hpp>
#include <telemetry/log.hpp>

namespace runtime {

namespace po = boost::program_options;
namespace log = telemetry::log;

namespace {

constexpr int kFailure = 1;
constexpr int kUsage = 2;

std::string help(const Program& program, const po::options_description& options) {
    auto text = fmt::format("{}: {}\n\nUsage: {} [command]\n\nCommands:\n", program.name,
                            program.summary, program.name);
    for (const auto& command : program.commands) {
        text += fmt::format("  {:<14}{}{}\n", command.name, command.summary,
                            &command == &program.commands.front() ? " (default)" : "");
    }
    std::ostringstream described;
    described << '\n' << options;
    return text + described.str();
}

int complain(const Program& program, std::string_view problem) {
    std::fputs(fmt::format("{}: {}\n", program.name, problem).c_str(), stderr);
    return kUsage;
}

int run(const Command& command) {
    try {
        return command.run();
    } catch (const base::ConfigError&) {
        throw;
    } catch (const std::exception& error) {
        log::error("the command failed", {{"command", command.name}, {"error", error.what()}});
        return kFailure;
    }
}

int interpret(const Program& program, std::span<const char* const> arguments) {
    po::options_description visible("Options");
    visible.add_options()("help,h", "show this text")("version", "show the version");
    po::options_description all;
    all.add(visible).add_options()("command", po::value<std::string>());
    po::positional_options_description positional;
    positional.add("command", 1);

    try {
        po::variables_map options;
        po::store(po::command_line_parser(static_cast<int>(arguments.size()), arguments.data())
                      .options(all)
                      .positional(positional)
                      .run(),
                  options);
        if (options.count("help") > 0) {
            std::fputs(help(program, visible).c_str(), stdout);
            return 0;
        }
        if (options.count("version") > 0) {
            std::fputs(fmt::format("{} {}\n", program.name, program.version).c_str(), stdout);
            return 0;
        }
        if (options.count("command") == 0) return run(program.commands.front());
        const auto& name = options["command"].as<std::string>();
        const auto command = std::ranges::find(program.commands, name, &Command::name);
        if (command != program.commands.end()) return run(*command);
        return complain(program,
                        fmt::format("no command \"{}\"; see {} --help", name, program.name));
    } catch (const po::error& error) {
        return complain(program, fmt::format("{}; see {} --help", error.what(), program.name));
    } catch (const base::ConfigError& error) {
        return complain(program,
                        fmt::format("the configuration cannot be used:\n{}", error.what()));
    }
}

}  // namespace

int run_program(const Program& program, std::span<const char* const> arguments) {
    const int status = interpret(program, arguments);
    log::flush();
    return status;
}

}  // namespace runtime
