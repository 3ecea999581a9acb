// The content of a registry: families of series, in the order of rendering.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include <telemetry/metrics.hpp>

namespace telemetry {

struct Series {
    template <class Handle, class... Args>
    Series(std::in_place_type_t<Handle> type, std::string label_text, const Args&... args)
        : labels(std::move(label_text)), metric(type, args...) {}

    std::string labels;  ///< as rendered: method="GET",status="200"
    std::variant<Counter, Gauge, Histogram> metric;
};

struct Family {
    enum class Type { kCounter, kGauge, kHistogram };

    Type type = Type::kGauge;
    std::string help;
    std::vector<double> bounds;       ///< of a histogram
    std::map<Labels, Series> series;  // a map, because its elements never move
    bool overflowed = false;
};

using Families = std::map<std::string, Family>;

}  // namespace telemetry
