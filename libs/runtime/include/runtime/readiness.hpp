// Whether this process should get traffic now. Load balancers read it from /ready.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <base/task.hpp>

namespace runtime {

/// The result of a check. `problem` is public at /ready: a few words, no internals.
struct CheckResult {
    std::string problem;  ///< empty: the check passed

    [[nodiscard]] bool ok() const noexcept { return problem.empty(); }
};

struct ReadinessReport {
    bool ready = false;
    /// Each check in the order of add(), and "ok" or its problem.
    std::vector<std::pair<std::string, std::string>> checks;
};

struct ReadinessConfig {
    /// A slower check fails ("timed out"). It is cancelled, and not started again before it has
    /// returned.
    std::chrono::milliseconds check_timeout{2'000};
    /// How long a report is reused for later callers. Many probes then cost the database only a few
    /// round trips per second.
    std::chrono::milliseconds cache{250};
};

/// Thread-safe once the checks are added: callers of all worker threads share one evaluation. It
/// must outlive those threads.
class Readiness {
public:
    using Check = std::function<base::Task<CheckResult>()>;

    explicit Readiness(ReadinessConfig config = {});
    ~Readiness();
    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;

    /// Adds a condition. Call it before the first evaluation. It runs on the thread of a caller of
    /// evaluate(), at the same time as the others. A check that throws fails: "unavailable" for
    /// base::Unavailable, else "failed". The log gets what().
    void add(std::string name, Check check);

    /// From now on the process is not ready, whatever the checks say. This cannot be undone.
    void start_draining() noexcept { draining_.store(true, std::memory_order_release); }
    [[nodiscard]] bool draining() const noexcept {
        return draining_.load(std::memory_order_acquire);
    }

    /// Ready when every check is ok and draining has not started. While draining no check runs,
    /// and the only entry is {"lifecycle", "draining"}. A change is logged.
    [[nodiscard]] base::Task<ReadinessReport> evaluate();

private:
    struct Entry;
    struct Shared;
    struct Run;
    class Turn;

    // In the trace of the request that caused the evaluation.
    [[nodiscard]] base::Task<> evaluate_now();
    [[nodiscard]] base::Task<ReadinessReport> run_checks();
    [[nodiscard]] static base::Task<> run_check(std::shared_ptr<Entry> entry,
                                                std::shared_ptr<Run> run, std::size_t index);

    const ReadinessConfig config_;
    std::vector<std::shared_ptr<Entry>> entries_;
    std::atomic<bool> draining_{false};
    std::shared_ptr<Shared> shared_;
};

}  // namespace runtime
