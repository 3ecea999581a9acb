#include <algorithm>
#include <stdexcept>
#include <utility>

#include <telemetry/log.hpp>
#include <telemetry/metrics.hpp>

#include "exposition.hpp"
#include "family.hpp"

namespace telemetry {

std::string_view content_type(Exposition format) noexcept {
    return format == Exposition::kText
               ? "text/plain; version=0.0.4; charset=utf-8"
               : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

Histogram::Histogram(const std::vector<double>& bounds)
    : bounds_(bounds), buckets_(bounds.size() + 1), exemplars_(bounds.size() + 1) {}

void Histogram::observe(double value) noexcept {
    // With few bounds and mostly small observations, a linear search beats a binary one. A NaN is
    // below no bound.
    std::size_t index = 0;
    while (index < bounds_.size() && !(value <= bounds_[index]))
        ++index;
    buckets_[index].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
    if (base::current_context().sampled) keep_exemplar(index, value);
}

std::uint64_t Histogram::bucket(std::size_t index) const noexcept {
    return buckets_[index].load(std::memory_order_relaxed);
}

void Histogram::keep_exemplar(std::size_t index, double value) noexcept {
    // Any recent exemplar is enough, so do not wait for the lock.
    const std::unique_lock lock(exemplars_mutex_, std::try_to_lock);
    if (!lock) return;
    exemplars_[index] = {.context = base::current_context(),
                         .value = value,
                         .time = std::chrono::system_clock::now()};
}

std::optional<Exemplar> Histogram::exemplar(std::size_t index) const {
    const std::lock_guard lock(exemplars_mutex_);
    return exemplars_[index];
}

// The callbacks of a registry. Hooks hold them weakly, so either may be destroyed first.
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

bool is_name(std::string_view text, bool colons) {
    const auto is_letter = [colons](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
    };
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9');
    });
}

// https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
void check_names(const std::string& name, const Labels& labels, Family::Type type) {
    if (!is_name(name, true)) throw std::invalid_argument("\"" + name + "\" is not a metric name");
    if (type == Family::Type::kCounter && !name.ends_with(kCounterSuffix)) {
        throw std::invalid_argument("the counter " + name + " does not end in _total");
    }
    for (const auto& [label, value] : labels) {
        if (!is_name(label, false) || label.starts_with("__") ||
            (type == Family::Type::kHistogram && label == "le")) {
            throw std::invalid_argument(name + " cannot have a label \"" + label + "\"");
        }
    }
}

}  // namespace

struct Registry::Impl {
    explicit Impl(std::size_t max) : max_series(max) {}

    const std::size_t max_series;
    const std::shared_ptr<ScrapeHook::Hooks> hooks = std::make_shared<ScrapeHook::Hooks>();

    std::mutex mutex;  // guards the maps; values are atomic, and hooks have their own
    Families families;
    std::size_t rendered_bytes = 0;  // of the last time

    template <class Handle>
    Handle& find(Family::Type type, const std::string& name, const std::string& help,
                 const Labels& labels, std::span<const double> bounds = {}) {
        const std::lock_guard lock(mutex);
        auto found = families.find(name);
        if (found == families.end()) {
            check_names(name, labels, type);
            Family added{.type = type, .help = help, .bounds = {bounds.begin(), bounds.end()}};
            found = families.emplace(name, std::move(added)).first;
        }
        auto& family = found->second;
        if (family.type != type) throw std::invalid_argument(name + " already has another type");
        // Series of one family that have different bounds cannot be added up.
        if (!std::ranges::equal(family.bounds, bounds)) {
            throw std::invalid_argument(name + " already has other buckets");
        }
        return std::get<Handle>(series<Handle>(name, family, labels).metric);
    }

    template <class Handle>
    Series& series(const std::string& name, Family& family, Labels labels) {
        auto found = family.series.find(labels);
        if (found != family.series.end()) return found->second;
        check_names(name, labels, family.type);
        if (family.series.size() >= max_series) {
            if (!std::exchange(family.overflowed, true)) {
                log::warn("a metric has too many series", {{"metric", name}, {"max", max_series}});
            }
            for (auto& [key, value] : labels)
                value = "overflow";
            found = family.series.find(labels);
            if (found != family.series.end()) return found->second;
        }
        auto text = label_text(labels);
        constexpr std::in_place_type_t<Handle> kType;
        if constexpr (std::same_as<Handle, Histogram>) {
            return family.series
                .try_emplace(std::move(labels), kType, std::move(text), family.bounds)
                .first->second;
        } else {
            return family.series.try_emplace(std::move(labels), kType, std::move(text))
                .first->second;
        }
    }
};

Registry::Registry(std::size_t max_series) : impl_(std::make_unique<Impl>(max_series)) {}
Registry::~Registry() = default;

Counter& Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
    return impl_->find<Counter>(Family::Type::kCounter, name, help, labels);
}

Gauge& Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) {
    return impl_->find<Gauge>(Family::Type::kGauge, name, help, labels);
}

Histogram& Registry::histogram(const std::string& name, const std::string& help,
                               const Labels& labels, std::span<const double> buckets) {
    if (!std::ranges::is_sorted(buckets, std::less_equal<>())) {
        throw std::invalid_argument("the buckets of " + name + " are not in ascending order");
    }
    return impl_->find<Histogram>(Family::Type::kHistogram, name, help, labels, buckets);
}

ScrapeHook Registry::on_scrape(std::function<void()> callback) {
    auto& hooks = *impl_->hooks;
    const std::lock_guard lock(hooks.mutex);
    const auto id = hooks.next_id++;
    hooks.callbacks.emplace(id, std::move(callback));
    return {impl_->hooks, id};
}

std::string Registry::render(Exposition format) {
    impl_->hooks->run();
    const std::lock_guard lock(impl_->mutex);
    std::string text;
    text.reserve(impl_->rendered_bytes + impl_->rendered_bytes / 8);
    append_exposition(text, impl_->families, format);
    impl_->rendered_bytes = text.size();
    return text;
}

}  // namespace telemetry
