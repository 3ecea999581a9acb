// Whether this process should get traffic right now: what a load balancer asks /ready for.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <base/context.hpp>
#include <base/task.hpp>

namespace runtime {

/// What a check found. `problem` is shown to whoever may ask /ready: a few words, no internals.
struct CheckResult {
    std::string problem;  ///< empty: all is well

    [[nodiscard]] bool ok() const noexcept { return problem.empty(); }
};

struct ReadinessReport {
    bool ready = false;
    /// Each check in the order of add(), and "ok" or its problem.
    std::vector<std::pair<std::string, std::string>> checks;
};

struct ReadinessConfig {
    /// A check that takes longer has failed ("timed out"). It is cancelled, and not started again
    /// before it has returned.
    std::chrono::milliseconds check_timeout{2'000};
    /// For how long a report answers later callers too, so that a storm of probes costs the
    /// database no more than a few round trips a second.
    std::chrono::milliseconds cache{250};
};

/// Thread-safe once the checks are added: callers of all worker threads share one evaluation. It
/// has to live for as long as those threads run.
class Readiness {
public:
    using Check = std::function<base::Task<CheckResult>()>;

    explicit Readiness(ReadinessConfig config = {});
    ~Readiness();
    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;

    /// Adds a condition, before the first evaluation. It runs on the thread of a caller of
    /// evaluate(), at the same time as the others. One that throws has failed: "unavailable" for
    /// base::Unavailable, else "failed"; the log gets what().
    void add(std::string name, Check check);

    /// From now on not ready, whatever the checks say; there is no way back.
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
    class Turn;

    // The keeper is that of the request that caused the evaluation.
    [[nodiscard]] base::Task<> evaluate_now(base::ContextKeeper keeper);
    [[nodiscard]] base::Task<ReadinessReport> run_checks(base::ContextKeeper keeper);
    [[nodiscard]] static base::Task<CheckResult> run_check(std::shared_ptr<Entry> entry,
                                                           base::ContextKeeper keeper);

    const ReadinessConfig config_;
    std::vector<std::shared_ptr<Entry>> entries_;
    std::atomic<bool> draining_{false};
    std::shared_ptr<Shared> shared_;
};

}  // namespace runtime
