// The metrics of the process itself, under the names that every Prometheus client uses
// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), from proc(5).
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

#include <sys/resource.h>

#include <telemetry/log.hpp>
#include <telemetry/metrics.hpp>
#include <telemetry/span.hpp>

namespace telemetry {
namespace {

struct ProcessStat {
    double cpu_ticks = 0;
    double threads = 0;
    double start_ticks = 0;  // since the machine booted
    double virtual_bytes = 0;
    double resident_pages = 0;
};

// /proc/self/stat: one line of fields, numbered from 1 in proc(5). The second, the program's name
// in parentheses, may itself hold spaces and parentheses.
ProcessStat read_process_stat() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) throw std::runtime_error("cannot read /proc/self/stat");

    std::istringstream rest(line.substr(name_end + 1));
    std::string state;
    rest >> state;
    ProcessStat stat;
    double value = 0;
    for (int field = 4; field <= 24 && rest >> value; ++field) {
        switch (field) {
            case 14:  // utime
            case 15:  // stime
                stat.cpu_ticks += value;
                break;
            case 20:
                stat.threads = value;
                break;
            case 22:
                stat.start_ticks = value;
                break;
            case 23:
                stat.virtual_bytes = value;
                break;
            case 24:
                stat.resident_pages = value;
                break;
            default:
                break;
        }
    }
    return stat;
}

// When the machine booted, in seconds since 1970.
double boot_time() {
    std::ifstream file("/proc/stat");
    std::string key;
    double value = 0;
    while (file >> key) {
        if (key == "btime" && file >> value) break;
        file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    return value;
}

double open_descriptors() {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    // One of them is the directory that this function reads.
    return static_cast<double>(std::distance(begin(entries), end(entries)) - 1);
}

double max_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void add_process_metrics(Registry& registry) {
    const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page_bytes = static_cast<double>(::sysconf(_SC_PAGESIZE));

    registry.gauge("process_start_time_seconds", "When the process started, in Unix time.")
        .set(boot_time() + read_process_stat().start_ticks / ticks_per_second);

    auto& cpu = registry.counter("process_cpu_seconds_total",
                                 "CPU time that the process has used, user and system.");
    auto& resident =
        registry.gauge("process_resident_memory_bytes", "Memory of the process that is in RAM.");
    auto& address_space =
        registry.gauge("process_virtual_memory_bytes", "Address space of the process.");
    auto& threads = registry.gauge("process_threads", "Threads of the process.");
    auto& open_fds = registry.gauge("process_open_fds", "Open file descriptors.");
    auto& max_fds = registry.gauge("process_max_fds", "Limit on open file descriptors.");

    registry
        .on_scrape([&, ticks_per_second, page_bytes] {
            const auto stat = read_process_stat();
            cpu.inc(stat.cpu_ticks / ticks_per_second - cpu.value());
            resident.set(stat.resident_pages * page_bytes);
            address_space.set(stat.virtual_bytes);
            threads.set(stat.threads);
            open_fds.set(open_descriptors());
            max_fds.set(max_descriptors());
        })
        .keep();
}

void add_build_info(Registry& registry, const std::string& service, const std::string& version) {
    registry
        .gauge("build_info", "The build that answers; always 1.",
               {{"service", service}, {"version", version}, {"compiler", __VERSION__}})
        .set(1);

    // Telemetry's own losses and exports: counted where they happen, read at each scrape.
    const auto mirror = [&registry](const char* name, const char* help, std::uint64_t (*total)()) {
        auto& counter = registry.counter(name, help);
        registry
            .on_scrape(
                [&counter, total] { counter.inc(static_cast<double>(total()) - counter.value()); })
            .keep();
    };
    mirror("log_lines_dropped_total", "Log lines dropped because their reader was too slow.",
           [] { return log::dropped_lines(); });
    mirror("otel_spans_exported_total", "Spans that the collector has taken.",
           [] { return trace::span_stats().exported; });
    mirror("otel_spans_dropped_total", "Spans dropped because the export queue was full.",
           [] { return trace::span_stats().dropped; });
    mirror("otel_spans_failed_total", "Spans given up because the collector refused or was away.",
           [] { return trace::span_stats().failed; });
}

}  // namespace telemetry
