// The faults that are set now, and what they do to a request.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <base/task.hpp>
#include <faults/fault_set.hpp>
#include <postgres/pool.hpp>
#include <telemetry/metrics.hpp>
#include <web/router.hpp>

namespace faults {

class PoolFaults;

struct InjectorConfig {
    /// PoolConfig::max_transactions_per_thread of the pool: so many are taken by a full pool.
    std::size_t connections = postgres::PoolConfig().max_transactions_per_thread;
    /// For tests of what expires.
    std::function<std::chrono::system_clock::time_point()> clock = std::chrono::system_clock::now;
};

/// Thread-safe. Faults end by themselves when they expire. Each that is set, removed or injected is
/// logged as a warning and counted: faults_active{kind}, faults_injected_total{kind,route}.
class Injector {
public:
    using Clock = std::chrono::system_clock;

    /// A fault may name the templates of `resources`; `contexts` are those of the pool. Pool,
    /// contexts and registry outlive the injector.
    Injector(postgres::Pool& pool, std::span<boost::asio::io_context* const> contexts,
             telemetry::Registry& registry, const web::Router& resources,
             InjectorConfig config = {});
    ~Injector();
    Injector(const Injector&) = delete;
    Injector& operator=(const Injector&) = delete;

    /// True for "*" or the template of a resource.
    [[nodiscard]] bool knows(std::string_view route) const;
    /// Replaces what was set for the route.
    void set(FaultSet faults);
    /// Removes what was set for the route, or everything; gives leaked memory back.
    void clear(const std::optional<std::string>& route);
    [[nodiscard]] FaultList list();

    /// True if any fault is set: one atomic load, which is the only cost without faults.
    [[nodiscard]] bool idle() const noexcept { return !any_.load(std::memory_order_relaxed); }

    /// Does to a request of that route what is set: takes its time, throws base::Unavailable, ends
    /// the process. A status: answer with it. The faults of the route itself win over those of "*".
    [[nodiscard]] base::Task<std::optional<int>> inject(std::string route);

private:
    // One FaultSet at work. Requests hold it for as long as they are under its effect.
    struct Entry {
        Entry(FaultSet what, Clock::time_point end) : faults(std::move(what)), expires(end) {}
        const FaultSet faults;
        const Clock::time_point expires;
        std::atomic<bool> removed{false};
        std::mutex leak_mutex;
        std::vector<std::unique_ptr<std::string>> leaked;
        std::atomic<std::int64_t> leaked_bytes{0};
    };

    [[nodiscard]] std::shared_ptr<Entry> find(std::string_view route);
    void remove_expired();  // the caller holds mutex_
    void leak(Entry& entry, const MemoryLeakFault& fault);
    void injected(const std::string& kind, const std::string& route);
    void report();

    std::unique_ptr<PoolFaults> pool_;
    telemetry::Registry& registry_;
    std::vector<std::string> routes_;
    std::function<Clock::time_point()> clock_;
    std::atomic<bool> any_{false};
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Entry>, std::less<>> entries_;
    telemetry::ScrapeHook scrape_;
};

}  // namespace faults
