// Jobs that a service does now and then, in the background, whether or not anybody asks.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <base/task.hpp>

namespace boost::asio {
class io_context;
}

namespace runtime {

/// Runs a job on an io_context, first one period after start() and then one period after each end.
/// A failure is logged as "<name> failed", once for each cause until the job succeeds, and the next
/// round tries again. A base::Unavailable is not logged, because the unavailable dependency has
/// logged it.
class Periodic {
public:
    using Job = std::function<base::Task<>()>;

    /// `job` and what it refers to outlive the rounds: see stop().
    Periodic(boost::asio::io_context& context, const std::string& name,
             std::chrono::milliseconds period, Job job);
    ~Periodic();
    Periodic(const Periodic&) = delete;
    Periodic& operator=(const Periodic&) = delete;

    /// Call it once; the context need not run yet.
    void start();
    /// From any thread; returns at once. A round that is under way ends normally, for which the
    /// context has to run on; no other one begins.
    void stop();

private:
    class Loop;
    std::shared_ptr<Loop> loop_;
};

}  // namespace runtime
