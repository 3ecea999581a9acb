// The log's way out of the process: our line goes into spdlog's bounded queue, and spdlog's thread
// moves it to the sink, so that no request ever waits for whoever reads our stdout.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <unistd.h>
#include <utility>

#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>

#include <base/context.hpp>
#include <telemetry/log.hpp>

#include "line.hpp"

namespace telemetry::log {
namespace {

constexpr std::chrono::seconds kFlushPatience(2);

// https://no-color.org: set and not empty means no colour.
bool wants_colour() {
    const char* no_color = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

// Only spdlog's one thread calls it, hence no mutex.
class Sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    explicit Sink(std::function<void(std::string_view)> target) : target_(std::move(target)) {}

    [[nodiscard]] std::uint64_t written() const noexcept {
        return written_.load(std::memory_order_acquire);
    }

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        const std::string_view line(message.payload.data(), message.payload.size());
        if (target_) {
            target_(line);
        } else {
            line_.assign(line);
            line_ += '\n';
            write_line();
        }
        written_.fetch_add(1, std::memory_order_release);
    }
    void flush_() override {}  // every line is flushed already

    // Past stdio: exit() flushes its buffers, and would wait for a stalled reader with us.
    void write_line() const {
        std::string_view rest = line_;
        while (!rest.empty()) {
            const auto size = ::write(STDOUT_FILENO, rest.data(), rest.size());
            if (size >= 0) {
                rest.remove_prefix(static_cast<std::size_t>(size));
            } else if (errno != EINTR) {
                return;  // nobody reads any more, and there is no better place to say so
            }
        }
    }

    std::function<void(std::string_view)> target_;
    std::string line_;
    std::atomic<std::uint64_t> written_{0};
};

// One configuration of the log and the thread that serves it.
class Backend {
public:
    explicit Backend(Options options)
        : service_(std::move(options.service)),
          format_(options.format),
          colour_(!options.sink && wants_colour()),
          sink_(std::make_shared<Sink>(std::move(options.sink))),
          pool_(std::make_shared<spdlog::details::thread_pool>(options.queue_lines, 1)),
          logger_(std::make_shared<spdlog::async_logger>(
              "log", sink_, pool_, spdlog::async_overflow_policy::overrun_oldest)) {
        logger_->set_level(spdlog::level::trace);  // filtered before a line is made
    }

    // Joins the thread once the queue is empty: what was logged before the end gets out.
    ~Backend() = default;
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

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
        accepted_.fetch_add(1, std::memory_order_relaxed);
        logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    }

    // The queue is first in, first out: when as many lines have left it as were accepted when we
    // were called, ours are among them.
    void flush() {
        const auto accepted = accepted_.load(std::memory_order_relaxed);
        const auto deadline = std::chrono::steady_clock::now() + kFlushPatience;
        while (sink_->written() + dropped() < accepted &&
               std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    [[nodiscard]] std::uint64_t dropped() { return pool_->overrun_counter(); }

private:
    std::string service_;
    Format format_;
    bool colour_;
    std::atomic<std::uint64_t> accepted_{0};
    std::shared_ptr<Sink> sink_;
    std::shared_ptr<spdlog::details::thread_pool> pool_;
    std::shared_ptr<spdlog::async_logger> logger_;
};

std::unique_ptr<Backend>& backend() {
    // The last one is never destroyed: to join its thread is to wait for the reader of stdout, and
    // while that stalls, the process could not end. flush() waits too, but not for ever.
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
        // Out of memory: there is no better place to say so.
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
