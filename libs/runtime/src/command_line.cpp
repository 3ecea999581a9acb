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
        text += fmt::format("  {:<18}{}{}\n", command.name, command.summary,
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

// "status" of "migrate --status", or nothing.
std::string flag_of(const Command& command) {
    constexpr std::string_view kMark = " --";
    const auto mark = command.name.find(kMark);
    return mark == std::string::npos ? "" : command.name.substr(mark + kMark.size());
}

int interpret(const Program& program, std::span<const char* const> arguments) {
    po::options_description visible("Options");
    visible.add_options()("help,h", "show this text")("version", "show the version");
    po::options_description all;
    all.add(visible).add_options()("command", po::value<std::string>());
    po::positional_options_description positional;
    positional.add("command", 1);
    for (const auto& command : program.commands) {
        if (const auto flag = flag_of(command); !flag.empty()) all.add_options()(flag.c_str(), "");
    }

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
        auto name = options.count("command") == 0 ? program.commands.front().name
                                                  : options["command"].as<std::string>();
        for (const auto& each : program.commands) {
            const auto flag = flag_of(each);
            if (!flag.empty() && options.count(flag) > 0) name += " --" + flag;
        }
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
