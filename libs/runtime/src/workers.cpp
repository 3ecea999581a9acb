#include <cmath>
#include <cstdlib>
#include <fstream>
#include <pthread.h>
#include <sched.h>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <runtime/workers.hpp>
#include <telemetry/log.hpp>

namespace runtime {

namespace log = telemetry::log;

namespace {

// sched(7): a thread with this policy does not preempt another one when it wakes up. Without it,
// when cores are scarce, a worker preempts for every arriving byte and pays a context switch for
// each request. With it, the worker finds several events at a time. An idle core starts it without
// delay. A policy that was chosen for the process (chrt, systemd) stays.
void prefer_batches() {
    sched_param parameters{};
    int policy = SCHED_OTHER;
    ::pthread_getschedparam(::pthread_self(), &policy, &parameters);
    if (policy != SCHED_OTHER) return;
    if (const int error = ::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &parameters)) {
        log::debug("workers cannot have the scheduling policy SCHED_BATCH",
                   {{"error", std::generic_category().message(error)}});
    }
}

}  // namespace

struct Workers::Worker {
    struct Context : boost::asio::io_context {
        using io_context::io_context;
        // Destroys the handlers that have not run, and the coroutines that they would have resumed.
        // Timers and sockets can still be destroyed after it.
        using execution_context::shutdown;
    };

    // The hint says that only one thread runs the context, which saves Asio some locking. Posting
    // from other threads stays safe.
    Context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard =
        boost::asio::make_work_guard(context);
    std::thread thread;
};

std::size_t usable_cores() {
    // Honours the affinity mask of the process (taskset, cpuset).
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());

    // cgroup v2: "<quota> <period>" in microseconds, or "max <period>".
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    double quota = 0;
    double period = 0;
    if (!(file >> quota >> period) || period <= 0) return cores;
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(quota / period)), 1, cores);
}

Workers::Workers(std::size_t threads) {
    if (threads == 0) threads = usable_cores();
    for (std::size_t i = 0; i < threads; ++i) {
        workers_.push_back(std::make_unique<Worker>());
        pointers_.push_back(&workers_.back()->context);
    }
}

Workers::~Workers() = default;

void Workers::run() {
    running_ = workers_.size();
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        workers_[i]->thread = std::thread([this, i] { work(i); });
    }
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_; });
    }
    for (auto& worker : workers_)
        worker->guard.reset();
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, grace_, [this] { return running_ == 0; });
    }
    for (auto& worker : workers_)
        worker->context.stop();
    for (auto& worker : workers_)
        worker->thread.join();
    for (auto& worker : workers_)
        worker->context.shutdown();
}

void Workers::stop(std::chrono::milliseconds grace) {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    grace_ = grace;
    changed_.notify_all();
}

void Workers::work(std::size_t index) {
    prefer_batches();
    // At most 15 characters; shown by top -H and debuggers.
    ::pthread_setname_np(::pthread_self(), fmt::format("worker-{}", index).c_str());
    const auto die = [](const char* what) {
        log::error("unhandled exception, the process ends", {{"error", what}});
        log::flush();
        std::abort();
    };
    try {
        workers_[index]->context.run();
    } catch (const std::exception& error) {
        die(error.what());
    } catch (...) {
        die("of unknown type");
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
}

}  // namespace runtime
