#include "exposition.hpp"

#include <array>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include <telemetry/trace.hpp>

namespace telemetry {
namespace {

// Backslash and line feed in any text, quotes in label values and, in OpenMetrics, in help too.
void append_escaped(std::string& out, std::string_view text, bool quotes) {
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || (quotes && c == '"')) out += '\\';
        out += c;
    }
}

void append_number(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
    } else {
        std::array<char, 32> digits{};
        out.append(digits.data(), fmt::format_to(digits.data(), "{}", value));
    }
}

void append_number(std::string& out, std::uint64_t value) {
    const fmt::format_int digits(value);
    out.append(digits.data(), digits.size());
}

std::string_view type_name(Family::Type type) {
    switch (type) {
        case Family::Type::kCounter:
            return "counter";
        case Family::Type::kGauge:
            return "gauge";
        case Family::Type::kHistogram:
            return "histogram";
    }
    return "unknown";
}

// The text between the braces of a bucket's bound, `le="0.25"`. OpenMetrics requires whole numbers
// as "1.0", and a series must have the same name in both formats.
std::string bound_text(double bound) {
    std::string number;
    append_number(number, bound);
    if (std::isfinite(bound) && number.find_first_of(".e") == std::string::npos) number += ".0";
    return R"(le=")" + number + '"';
}

class Writer {
public:
    Writer(std::string& out, Exposition format)
        : out_(out), open_metrics_(format == Exposition::kOpenMetrics) {}

    void family(const std::string& name, const Family& family) {
        head(name, family);
        bounds_.clear();
        for (const auto bound : family.bounds)
            bounds_.push_back(bound_text(bound));
        bounds_.emplace_back(R"(le="+Inf")");
        for (const auto& [labels, series] : family.series) {
            if (const auto* histogram = std::get_if<Histogram>(&series.metric)) {
                this->histogram(name, series.labels, *histogram);
            } else {
                const auto* counter = std::get_if<Counter>(&series.metric);
                start(name, "", series.labels, "");
                append_number(out_, counter != nullptr ? counter->value()
                                                       : std::get<Gauge>(series.metric).value());
                out_ += '\n';
            }
        }
    }

private:
    void head(const std::string& name, const Family& family) {
        std::string_view shown = name;
        // In OpenMetrics the suffix belongs to a counter's samples and not to its family.
        if (open_metrics_ && family.type == Family::Type::kCounter) {
            shown.remove_suffix(kCounterSuffix.size());
        }
        line("# TYPE ", shown, type_name(family.type));
        if (open_metrics_) {
            for (const std::string_view unit : {"seconds", "bytes"}) {
                const bool is_unit = shown.ends_with(unit) && shown.size() > unit.size() &&
                                     shown[shown.size() - unit.size() - 1] == '_';
                if (is_unit) line("# UNIT ", shown, unit);
            }
        }
        out_.append("# HELP ").append(shown) += ' ';
        append_escaped(out_, family.help, open_metrics_);
        out_ += '\n';
    }

    void line(std::string_view keyword, std::string_view name, std::string_view text) {
        out_.append(keyword).append(name) += ' ';
        out_.append(text) += '\n';
    }

    void histogram(const std::string& name, const std::string& labels, const Histogram& metric) {
        std::uint64_t count = 0;
        for (std::size_t i = 0; i < bounds_.size(); ++i) {
            count += metric.bucket(i);
            start(name, "_bucket", labels, bounds_[i]);
            append_number(out_, count);
            if (open_metrics_) exemplar(metric.exemplar(i));
            out_ += '\n';
        }
        start(name, "_sum", labels, "");
        append_number(out_, metric.sum());
        out_ += '\n';
        start(name, "_count", labels, "");
        append_number(out_, count);
        out_ += '\n';
    }

    // name_suffix{labels,more} and a space.
    void start(const std::string& name, std::string_view suffix, const std::string& labels,
               std::string_view more) {
        out_.append(name).append(suffix);
        if (!labels.empty() || !more.empty()) {
            out_.append("{").append(labels);
            if (!labels.empty() && !more.empty()) out_ += ',';
            out_.append(more) += '}';
        }
        out_ += ' ';
    }

    void exemplar(const std::optional<Exemplar>& found) {
        if (!found) return;
        out_.append(R"( # {trace_id=")").append(trace::hex(found->context.trace_id));
        out_.append(R"(",span_id=")").append(trace::hex(found->context.span_id)).append("\"} ");
        append_number(out_, found->value);
        const auto time = found->time.time_since_epoch();
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
        fmt::format_to(std::back_inserter(out_), " {}.{:03}", ms / 1000, ms % 1000);
    }

    std::string& out_;
    bool open_metrics_;
    std::vector<std::string> bounds_;  // of the current family
};

}  // namespace

std::string label_text(const Labels& labels) {
    std::string text;
    for (const auto& [name, value] : labels) {
        if (!text.empty()) text += ',';
        text.append(name).append("=\"");
        append_escaped(text, value, true);
        text += '"';
    }
    return text;
}

void append_exposition(std::string& out, const Families& families, Exposition format) {
    Writer writer(out, format);
    for (const auto& [name, family] : families)
        writer.family(name, family);
    if (format == Exposition::kOpenMetrics) out += "# EOF\n";
}

}  // namespace telemetry
