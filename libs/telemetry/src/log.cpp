// Moves log lines from the calling thread into a queue and from there to stdout, so that no request
// waits for the reader of stdout.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unistd.h>
#include <utility>

#include <base/context.hpp>
#include <telemetry/log.hpp>

#include "line.hpp"
#include "log_queue.hpp"

namespace telemetry::log {
namespace {

constexpr std::chrono::seconds kFlushPatience(2);

// https://no-color.org: set and not empty means no colour.
bool wants_colour() {
    const char* no_color = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

// Bypasses stdio: exit() flushes its buffers and would wait for a stalled reader.
void write_to_stdout(std::string_view lines) {
    while (!lines.empty()) {
        const auto size = ::write(STDOUT_FILENO, lines.data(), lines.size());
        if (size >= 0) {
            lines.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno != EINTR) {
            return;  // nobody reads any more, and there is no other place to report it
        }
    }
}

std::function<void(std::string_view)> writer_of(std::function<void(std::string_view)> sink) {
    if (!sink) return write_to_stdout;
    return [sink = std::move(sink)](std::string_view lines) {
        while (!lines.empty()) {
            const auto line = lines.substr(0, lines.find('\n'));
            sink(line);
            lines.remove_prefix(line.size() + 1);
        }
    };
}

// One configuration of the log and the queue that serves it.
class Backend {
public:
    explicit Backend(Options options)
        : service_(std::move(options.service)),
          format_(options.format),
          colour_(!options.sink && wants_colour()),
          queue_(options.queue_bytes, writer_of(std::move(options.sink))) {}

    void write(Level level, std::string_view msg, std::span<const Field> fields) {
        thread_local Buffer line;
        line.clear();
        const Entry entry{.time = std::chrono::system_clock::now(),
                          .level = level,
                          .service = service_,
                          .msg = msg,
                          .context = base::current_context(),
                          .fields = fields};
        format_ == Format::kJson ? append_json(line, entry) : append_text(line, entry, colour_);
        queue_.push({line.data(), line.size()});
    }

    void flush() { queue_.flush(kFlushPatience); }
    [[nodiscard]] std::uint64_t dropped() { return queue_.dropped(); }

private:
    std::string service_;
    Format format_;
    bool colour_;
    LogQueue queue_;
};

std::unique_ptr<Backend>& backend() {
    // The last one is never destroyed: its destructor joins the thread, which a stalled reader of
    // stdout may block for ever. flush() waits too, but with a limit.
    static auto& instance = *new std::unique_ptr<Backend>(std::make_unique<Backend>(Options{}));
    return instance;
}

}  // namespace

std::optional<Level> parse_level(std::string_view name) noexcept {
    if (name == "debug") return Level::kDebug;
    if (name == "info") return Level::kInfo;
    if (name == "warn") return Level::kWarn;
    if (name == "error") return Level::kError;
    return std::nullopt;
}

std::optional<Format> parse_format(std::string_view name) noexcept {
    if (name == "json") return Format::kJson;
    if (name == "text") return Format::kText;
    return std::nullopt;
}

void configure(Options options) {
    detail::threshold.store(static_cast<int>(options.level), std::memory_order_relaxed);
    backend() = std::make_unique<Backend>(std::move(options));
}

void write(Level level, std::string_view msg, std::span<const Field> fields) noexcept {
    if (!enabled(level)) return;
    try {
        backend()->write(level, msg, fields);
    } catch (...) {
        // Out of memory: there is no other place to report it.
        std::fputs("a log line was lost\n", stderr);
    }
}

void flush() noexcept {
    try {
        backend()->flush();
    } catch (...) {
        std::fputs("the log could not be flushed\n", stderr);
    }
}

std::uint64_t dropped_lines() noexcept {
    return backend()->dropped();
}

}  // namespace telemetry::log
