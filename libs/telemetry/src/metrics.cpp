#include <algorithm>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <telemetry/log.hpp>
#include <telemetry/metrics.hpp>

namespace telemetry {

void Counter::inc(double amount) noexcept {
    impl_->Increment(amount);
}
double Counter::value() const noexcept {
    return impl_->Value();
}

void Gauge::set(double value) noexcept {
    impl_->Set(value);
}
void Gauge::inc(double amount) noexcept {
    impl_->Increment(amount);
}
void Gauge::dec(double amount) noexcept {
    impl_->Decrement(amount);
}
double Gauge::value() const noexcept {
    return impl_->Value();
}

void Histogram::observe(double value) noexcept {
    impl_->Observe(value);
}

// The callbacks of a registry. Hooks know them weakly, so either may go first.
struct ScrapeHook::Hooks {
    std::mutex mutex;
    std::map<std::size_t, std::function<void()>> callbacks;
    std::size_t next_id = 1;

    void run() {
        const std::lock_guard lock(mutex);
        for (const auto& [id, callback] : callbacks) {
            try {
                callback();
            } catch (const std::exception& error) {
                log::warn("a metric could not be read", {{"error", error.what()}});
            }
        }
    }
};

ScrapeHook::ScrapeHook(std::weak_ptr<Hooks> hooks, std::size_t id) noexcept
    : hooks_(std::move(hooks)), id_(id) {}

ScrapeHook& ScrapeHook::operator=(ScrapeHook&& other) noexcept {
    if (this != &other) {
        remove();
        hooks_ = std::move(other.hooks_);
        id_ = other.id_;
    }
    return *this;
}

ScrapeHook::~ScrapeHook() {
    remove();
}

void ScrapeHook::keep() && noexcept {
    hooks_.reset();
}

void ScrapeHook::remove() noexcept {
    if (const auto hooks = std::exchange(hooks_, {}).lock()) {
        const std::lock_guard lock(hooks->mutex);
        hooks->callbacks.erase(id_);
    }
}

namespace {

// All series of one name. A map, since its elements never move.
template <class Handle, class Native>
struct Family {
    prometheus::Family<Native>* native = nullptr;
    std::map<Labels, Handle> series;
    std::vector<double> buckets;  // of a histogram
    bool overflowed = false;
};

}  // namespace

struct Registry::Impl {
    explicit Impl(std::size_t max) : max_series(max) {}

    const std::size_t max_series;
    const std::shared_ptr<ScrapeHook::Hooks> hooks = std::make_shared<ScrapeHook::Hooks>();
    prometheus::Registry native;

    std::mutex mutex;  // guards the maps; values are atomic, and hooks have their own
    std::map<std::string, Family<Counter, prometheus::Counter>> counters;
    std::map<std::string, Family<Gauge, prometheus::Gauge>> gauges;
    std::map<std::string, Family<Histogram, prometheus::Histogram>> histograms;

    template <class Families, class Builder>
    auto& family(Families& families, Builder builder, const std::string& name,
                 const std::string& help) {
        const auto found = families.find(name);
        if (found != families.end()) return found->second;
        auto& native_family = builder.Name(name).Help(help).Register(native);
        auto& added = families[name];
        added.native = &native_family;
        return added;
    }

    template <class Handle, class Native, class... Args>
    Handle& series(Family<Handle, Native>& family, const std::string& name, Labels labels,
                   const Args&... args) {
        auto found = family.series.find(labels);
        if (found != family.series.end()) return found->second;
        if (family.series.size() >= max_series) {
            if (!std::exchange(family.overflowed, true)) {
                log::warn("a metric has too many series", {{"metric", name}, {"max", max_series}});
            }
            for (auto& [key, value] : labels)
                value = "overflow";
            found = family.series.find(labels);
            if (found != family.series.end()) return found->second;
        }
        auto& native_series = family.native->Add(labels, args...);
        return family.series.try_emplace(std::move(labels), native_series).first->second;
    }
};

Registry::Registry(std::size_t max_series) : impl_(std::make_unique<Impl>(max_series)) {}
Registry::~Registry() = default;

Counter& Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
    const std::lock_guard lock(impl_->mutex);
    auto& family = impl_->family(impl_->counters, prometheus::BuildCounter(), name, help);
    return impl_->series(family, name, labels);
}

Gauge& Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) {
    const std::lock_guard lock(impl_->mutex);
    auto& family = impl_->family(impl_->gauges, prometheus::BuildGauge(), name, help);
    return impl_->series(family, name, labels);
}

Histogram& Registry::histogram(const std::string& name, const std::string& help,
                               const Labels& labels, std::span<const double> buckets) {
    if (!std::ranges::is_sorted(buckets, std::less_equal<>())) {
        throw std::invalid_argument("the buckets of " + name + " do not ascend");
    }
    const std::lock_guard lock(impl_->mutex);
    auto& family = impl_->family(impl_->histograms, prometheus::BuildHistogram(), name, help);
    if (family.buckets.empty()) family.buckets.assign(buckets.begin(), buckets.end());
    // Series of one family that have different bounds cannot be added up.
    if (!std::ranges::equal(family.buckets, buckets)) {
        throw std::invalid_argument(name + " already has other buckets");
    }
    return impl_->series(family, name, labels, family.buckets);
}

ScrapeHook Registry::on_scrape(std::function<void()> callback) {
    auto& hooks = *impl_->hooks;
    const std::lock_guard lock(hooks.mutex);
    const auto id = hooks.next_id++;
    hooks.callbacks.emplace(id, std::move(callback));
    return {impl_->hooks, id};
}

std::string Registry::render() {
    impl_->hooks->run();
    auto families = impl_->native.Collect();
    std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
    for (auto& family : families) {
        std::ranges::sort(family.metric, {}, &prometheus::ClientMetric::label);
    }
    std::ostringstream text;
    prometheus::TextSerializer().Serialize(text, families);
    return std::move(text).str();
}

}  // namespace telemetry
