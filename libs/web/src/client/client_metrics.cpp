#include <array>
#include <atomic>
#include <memory>
#include <string>

#include <telemetry/metrics.hpp>
#include <web/client_metrics.hpp>

namespace web {
namespace {

std::string outcome(const CallReport& report) {
    if (report.attempts == 0) return "rejected";
    return report.status == 0 ? "none" : std::to_string(report.status);
}

// The series of one method, each looked up once: the registry has a lock that all threads share.
// Should two threads look one up at a time, they get the same.
class MethodSeries {
public:
    telemetry::Counter& calls(telemetry::Registry& registry, const CallReport& report) {
        // 0: no answer; 1, which is no status: rejected.
        const auto slot = static_cast<std::size_t>(report.attempts == 0 ? 1 : report.status);
        auto* counter =
            slot < calls_.size() ? calls_[slot].load(std::memory_order_acquire) : nullptr;
        if (counter == nullptr) {
            counter = &registry.counter("http_client_requests_total",
                                        "Calls to other services, by outcome.",
                                        {{"method", std::string(to_string(report.method))},
                                         {"host", std::string(report.host)},
                                         {"status", outcome(report)}});
            if (slot < calls_.size()) calls_[slot].store(counter, std::memory_order_release);
        }
        return *counter;
    }
    telemetry::Histogram& duration(telemetry::Registry& registry, const CallReport& report) {
        auto* histogram = duration_.load(std::memory_order_acquire);
        if (histogram == nullptr) {
            histogram = &registry.histogram("http_client_request_duration_seconds",
                                            "Time of a call to another service, retries included.",
                                            {{"method", std::string(to_string(report.method))},
                                             {"host", std::string(report.host)}});
            duration_.store(histogram, std::memory_order_release);
        }
        return *histogram;
    }

private:
    std::array<std::atomic<telemetry::Counter*>, 600> calls_{};  // by status
    std::atomic<telemetry::Histogram*> duration_{nullptr};
};

using Series = std::array<MethodSeries, static_cast<std::size_t>(Method::kTrace) + 1>;

}  // namespace

std::function<void(const CallReport&)> client_metrics(telemetry::Registry& registry) {
    return [&registry, series = std::make_shared<Series>()](const CallReport& report) {
        auto& mine = series->at(static_cast<std::size_t>(report.method));
        mine.calls(registry, report).inc();
        mine.duration(registry, report)
            .observe(std::chrono::duration<double>(report.duration).count());
    };
}

}  // namespace web
