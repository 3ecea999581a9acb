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

/// How many threads can really run at once: the cores that this process may use, or fewer when
/// its control group has a CPU quota (a container's limit). At least 1.
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
    /// What is abandoned then has been destroyed when it returns, before what its callers made
    /// after the workers, and what it may refer to.
    /// Where the process has no other scheduling policy than the usual, theirs is SCHED_BATCH
    /// (sched(7)), if the system permits it: they serve what has come together rather than
    /// interrupt others for each event.
    ///
    /// A handler that lets an exception escape ends the process (abort, after a line in the log):
    /// a thread that is gone would leave its connections hanging, and a supervisor can only
    /// restart what has died.
    void run();

    /// Makes run() return. Work that is under way (a connection saying goodbye) may finish within
    /// `grace`; what is left then is abandoned. Returns at once; callable from any thread, and
    /// before run().
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
