#include <algorithm>
#include <cstdlib>
#include <random>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <base/use_task.hpp>
#include <faults/injector.hpp>
#include <telemetry/log.hpp>

#include "pool_faults.hpp"

namespace faults {
namespace {

namespace asio = boost::asio;
using base::Task;
using std::chrono::milliseconds;

constexpr std::string_view kEveryRoute = "*";

// From 0 to 1, and never 1 itself.
double random_share() {
    thread_local std::mt19937_64 generator(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(generator);
}

std::vector<std::string> kinds_of(const FaultSet& faults) {
    std::vector<std::string> kinds;
    if (faults.latency) kinds.emplace_back("latency");
    if (faults.error) kinds.emplace_back("error");
    if (faults.slow_query_ms) kinds.emplace_back("slow_query");
    if (faults.full_pool) kinds.emplace_back("full_pool");
    if (faults.memory_leak) kinds.emplace_back("memory_leak");
    if (faults.crash) kinds.emplace_back("crash");
    return kinds;
}

Task<> wait(milliseconds duration) {
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    const auto [cancelled] = co_await timer.async_wait(base::use_task);
    if (cancelled) throw boost::system::system_error(cancelled);
}

milliseconds delay_of(const LatencyFault& latency) {
    return milliseconds(latency.fixed_ms +
                        static_cast<int>(random_share() * (latency.jitter_ms + 1)));
}

std::vector<std::string> templates_of(const web::Router& resources) {
    std::vector<std::string> templates;
    for (const auto& route : resources.routes())
        templates.push_back(route.path);
    return templates;
}

}  // namespace

Injector::Injector(postgres::Pool& pool, std::span<asio::io_context* const> contexts,
                   telemetry::Registry& registry, const web::Router& resources,
                   InjectorConfig config)
    : pool_(std::make_unique<PoolFaults>(pool, contexts, config.connections)),
      registry_(registry),
      routes_(templates_of(resources)),
      clock_(std::move(config.clock)),
      scrape_(registry.on_scrape([this] { report(); })) {}

Injector::~Injector() = default;

bool Injector::knows(std::string_view route) const {
    return route == kEveryRoute || std::ranges::find(routes_, route) != routes_.end();
}

void Injector::set(FaultSet faults) {
    for (const auto& kind : kinds_of(faults)) {
        telemetry::log::warn("fault set",
                             {{"kind", kind},
                              {"fault_route", faults.route.value()},
                              {"expires_in_seconds", faults.expires_in_seconds.value()}});
    }
    const std::string route = faults.route;
    const auto end = clock_() + std::chrono::seconds(faults.expires_in_seconds);
    auto entry = std::make_shared<Entry>(std::move(faults), end);
    const std::scoped_lock lock(mutex_);
    auto& place = entries_[route];
    if (place) place->removed = true;
    place = std::move(entry);
    any_ = true;
}

void Injector::clear(const std::optional<std::string>& route) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(entries_, [&route](const auto& each) {
        if (route && *route != each.first) return false;
        each.second->removed = true;
        telemetry::log::warn("faults removed", {{"fault_route", each.first}});
        return true;
    });
    any_ = !entries_.empty();
}

FaultList Injector::list() {
    const std::scoped_lock lock(mutex_);
    remove_expired();
    FaultList result;
    for (const auto& [route, entry] : entries_) {
        const auto& faults = entry->faults;
        ActiveFaults active{
            .route = route,
            .expires_at = std::chrono::time_point_cast<base::Timestamp::duration>(entry->expires),
            .latency = faults.latency,
            .error = faults.error,
            .slow_query_ms = {},
            .full_pool = faults.full_pool,
            .memory_leak = faults.memory_leak,
            .leaked_bytes = entry->leaked_bytes,
            .crash = faults.crash,
        };
        if (faults.slow_query_ms) active.slow_query_ms = *faults.slow_query_ms;
        result.faults.push_back(std::move(active));
    }
    return result;
}

std::shared_ptr<Injector::Entry> Injector::find(std::string_view route) {
    const std::scoped_lock lock(mutex_);
    remove_expired();
    auto found = entries_.find(route);
    if (found == entries_.end()) found = entries_.find(kEveryRoute);
    return found == entries_.end() ? nullptr : found->second;
}

void Injector::remove_expired() {
    std::erase_if(entries_, [now = clock_()](const auto& each) {
        if (each.second->expires > now) return false;
        each.second->removed = true;
        telemetry::log::warn("faults expired", {{"fault_route", each.first}});
        return true;
    });
    any_ = !entries_.empty();
}

void Injector::leak(Entry& entry, const MemoryLeakFault& fault) {
    const std::int64_t bytes = fault.bytes_per_request;
    const std::scoped_lock lock(entry.leak_mutex);
    if (entry.leaked_bytes + bytes > fault.max_bytes) return;
    // Written to, else the system would only promise the memory.
    entry.leaked.push_back(std::make_unique<std::string>(static_cast<std::size_t>(bytes), 'x'));
    entry.leaked_bytes += bytes;
}

void Injector::injected(const std::string& kind, const std::string& route) {
    registry_
        .counter("faults_injected_total", "Requests that a fault was injected into.",
                 {{"kind", kind}, {"route", route}})
        .inc();
    telemetry::log::warn("fault injected", {{"kind", kind}, {"fault_route", route}});
}

Task<std::optional<int>> Injector::inject(std::string route) {
    const auto entry = find(route);
    if (!entry) co_return std::nullopt;
    const auto& faults = entry->faults;
    if (faults.crash) {
        injected("crash", route);
        telemetry::log::flush();
        std::abort();
    }
    if (faults.memory_leak) {
        injected("memory_leak", route);
        leak(*entry, *faults.memory_leak);
    }
    if (faults.latency) {
        injected("latency", route);
        co_await wait(delay_of(*faults.latency));
    }
    if (faults.slow_query_ms) {
        injected("slow_query", route);
        co_await pool_->sleep(milliseconds(*faults.slow_query_ms));
    }
    if (faults.full_pool) {
        injected("full_pool", route);
        co_await pool_->use_full_pool(
            [entry, clock = clock_] { return !entry->removed && clock() < entry->expires; });
    }
    if (faults.error && random_share() < faults.error->ratio) {
        injected("error", route);
        co_return faults.error->status;
    }
    co_return std::nullopt;
}

void Injector::report() {
    std::map<std::string, int> active{{"latency", 0},   {"error", 0},       {"slow_query", 0},
                                      {"full_pool", 0}, {"memory_leak", 0}, {"crash", 0}};
    {
        const std::scoped_lock lock(mutex_);
        remove_expired();
        for (const auto& [route, entry] : entries_) {
            for (const auto& kind : kinds_of(entry->faults))
                ++active[kind];
        }
    }
    for (const auto& [kind, count] : active) {
        registry_.gauge("faults_active", "Faults that are set now, by kind.", {{"kind", kind}})
            .set(count);
    }
}

}  // namespace faults
