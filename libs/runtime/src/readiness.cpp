#include <exception>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <base/errors.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <runtime/readiness.hpp>
#include <telemetry/log.hpp>

namespace runtime {

namespace asio = boost::asio;
namespace log = telemetry::log;
using Clock = std::chrono::steady_clock;

namespace {

std::string describe_failure(const std::string& name, const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const base::Unavailable& error) {
        log::warn("readiness check failed", {{"check", name}, {"error", error.what()}});
        return "unavailable";
    } catch (const std::exception& error) {
        log::error("readiness check failed", {{"check", name}, {"error", error.what()}});
        return "failed";
    }
}

}  // namespace

struct Readiness::Entry {
    std::string name;
    Check check;
    std::atomic<bool> busy{false};
};

// One evaluation. Shared with its checks, since one that does not return in time outlives it.
struct Readiness::Run {
    Run(const asio::any_io_executor& executor, std::size_t count)
        : finished(executor), cancel(count), results(count) {}
    asio::steady_timer finished;
    std::vector<asio::cancellation_signal> cancel;
    std::vector<std::optional<std::string>> results;
    std::size_t pending = 0;
};

base::Task<> Readiness::run_check(std::shared_ptr<Entry> entry, std::shared_ptr<Run> run,
                                  std::size_t index) {
    CheckResult result;
    std::exception_ptr failure;
    try {
        result = co_await entry->check();
    } catch (...) {
        failure = std::current_exception();
    }
    entry->busy = false;
    auto& told = run->results[index];
    if (told) co_return;  // too late
    told = failure ? describe_failure(entry->name, failure) : result.ok() ? "ok" : result.problem;
    if (--run->pending == 0) run->finished.cancel();
}

// Shared by the callers of all threads.
struct Readiness::Shared {
    std::mutex mutex;
    std::optional<ReadinessReport> latest;
    Clock::time_point finished;  // when `latest` was created
    bool evaluating = false;
    // The callers that wait for the running evaluation. Each has a timer on its own thread, which
    // is cancelled there.
    std::vector<std::weak_ptr<asio::steady_timer>> waiting;
};

// The right to evaluate. It is returned however the coroutine ends, even if it is destroyed before
// its end. The next caller then evaluates.
class Readiness::Turn {
public:
    explicit Turn(std::shared_ptr<Shared> shared) noexcept : shared_(std::move(shared)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        const std::lock_guard lock(shared_->mutex);
        shared_->evaluating = false;
        for (const auto& waiter : shared_->waiting) {
            if (const auto timer = waiter.lock()) {
                asio::post(timer->get_executor(), [timer] { timer->cancel(); });
            }
        }
        shared_->waiting.clear();
    }

private:
    std::shared_ptr<Shared> shared_;
};

Readiness::Readiness(ReadinessConfig config)
    : config_(config), shared_(std::make_shared<Shared>()) {}

Readiness::~Readiness() = default;

void Readiness::add(std::string name, Check check) {
    auto entry = std::make_shared<Entry>();
    entry->name = std::move(name);
    entry->check = std::move(check);
    entries_.push_back(std::move(entry));
}

base::Task<ReadinessReport> Readiness::evaluate() {
    const auto executor = co_await asio::this_coro::executor;
    const auto entered = Clock::now();
    while (!draining()) {
        // Longer than any evaluation; cancelled when there is a report.
        const auto timer =
            std::make_shared<asio::steady_timer>(executor, 2 * config_.check_timeout);
        bool first = false;
        {
            const std::lock_guard lock(shared_->mutex);
            const bool fresh =
                shared_->latest &&
                (shared_->finished >= entered || Clock::now() < shared_->finished + config_.cache);
            if (fresh) co_return *shared_->latest;
            first = !std::exchange(shared_->evaluating, true);
            shared_->waiting.push_back(timer);
        }
        if (first) {
            // A separate coroutine and not a part of this request: a client that disconnects
            // cancels only its own answer.
            asio::co_spawn(executor, evaluate_now(), base::rethrow);
        }
        co_await timer->async_wait(base::use_task);
    }
    co_return ReadinessReport{.ready = false, .checks = {{"lifecycle", "draining"}}};
}

base::Task<> Readiness::evaluate_now() {
    const Turn turn(shared_);
    auto report = co_await run_checks();
    const std::lock_guard lock(shared_->mutex);
    const bool changed = !shared_->latest || shared_->latest->ready != report.ready;
    if (changed && report.ready) log::info("ready for traffic");
    if (changed && !report.ready) log::warn("not ready for traffic");
    shared_->latest = std::move(report);
    shared_->finished = Clock::now();
}

base::Task<ReadinessReport> Readiness::run_checks() {
    const auto executor = co_await asio::this_coro::executor;
    const auto run = std::make_shared<Run>(executor, entries_.size());
    run->finished.expires_after(config_.check_timeout);

    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto& entry = entries_[i];
        if (entry->busy.exchange(true)) continue;
        ++run->pending;
        // It keeps the signal: Asio looks at the slot after the check has ended, too.
        auto ended = [run](const std::exception_ptr& failure) { base::rethrow(failure); };
        asio::co_spawn(executor, run_check(entry, run, i),
                       asio::bind_cancellation_slot(run->cancel[i].slot(), std::move(ended)));
    }
    if (run->pending > 0) co_await run->finished.async_wait(base::use_task);

    ReadinessReport report{.ready = true, .checks = {}};
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (!run->results[i]) {
            run->results[i] = "timed out";
            run->cancel[i].emit(asio::cancellation_type::terminal);
        }
        report.ready = report.ready && *run->results[i] == "ok";
        report.checks.emplace_back(entries_[i]->name, *run->results[i]);
    }
    co_return report;
}

}  // namespace runtime
