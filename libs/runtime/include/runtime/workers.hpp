// The threads of a service: one io_context and one thread per core. A connection stays on the
// thread that accepted it, so requests run in parallel without sharing or locking anything.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace runtime {

/// How many threads can run at the same time: the cores that this process may use, or fewer if its
/// control group has a CPU quota (a container's limit). At least 1.
[[nodiscard]] std::size_t usable_cores();

class Workers {
public:
    /// `threads` = 0: usable_cores(). Nothing runs before run().
    explicit Workers(std::size_t threads = 0);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    [[nodiscard]] std::span<boost::asio::io_context* const> contexts() const noexcept {
        return pointers_;
    }

    /// Starts the threads ("worker-0", ...), blocks until stop(), and joins them. Call it once.
    /// Abandoned coroutines have been destroyed when it returns, before the objects that callers
    /// created after the workers and that the coroutines may refer to. If the process has the
    /// default scheduling policy, the threads use SCHED_BATCH (sched(7)) where the system permits
    /// it: they then handle several events at a time and do not preempt other threads for each
    /// event.
    ///
    /// A handler that lets an exception escape ends the process (abort, after a line in the log): a
    /// missing thread would leave its connections hanging, and a supervisor can only restart a dead
    /// process.
    void run();

    /// Makes run() return. Work in progress (a connection that closes properly) may finish within
    /// `grace`; the rest is abandoned. Returns immediately; callable from any thread, and before
    /// run().
    void stop(std::chrono::milliseconds grace = std::chrono::seconds(2));

private:
    struct Worker;
    void work(std::size_t index);

    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<boost::asio::io_context*> pointers_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::chrono::milliseconds grace_{0};
    std::size_t running_ = 0;
};

}  // namespace runtime
