#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <telemetry/trace.hpp>

namespace telemetry::trace {
namespace {

constexpr std::size_t kHeaderBytes = 55;  // 00-<32>-<16>-<2>
constexpr std::uint8_t kSampledFlag = 0x01;

// The value of a lower-case hex digit, or -1.
constexpr int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = digit_value(text[2 * i]);
        const int low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

bool all_zero(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

// Ids must be unique, not secret: one fast generator per thread, seeded by the operating system.
std::uint64_t random_bits() {
    thread_local std::mt19937_64 generator = [] {
        std::random_device device;
        std::array<std::uint32_t, 8> words{};
        std::ranges::generate(words, std::ref(device));
        std::seed_seq seed(words.begin(), words.end());
        return std::mt19937_64(seed);
    }();
    return generator();
}

void fill_random(std::span<std::uint8_t> id) {
    do {
        for (std::size_t i = 0; i < id.size(); i += sizeof(std::uint64_t)) {
            const auto bits = random_bits();
            std::memcpy(id.data() + i, &bits, sizeof bits);
        }
    } while (all_zero(id));  // which would mean "no id"
}

// A trace is sampled if the last 56 bits of its id, which the specification requires to be random,
// are below this.
constexpr double kIdRange = 72057594037927936.0;  // 2^56
std::atomic<std::uint64_t> sampling_threshold{std::uint64_t{1} << 56U};

bool sampled_by_ratio(const base::TraceContext& context) {
    std::uint64_t value = 0;
    for (const auto byte : std::span(context.trace_id).last<7>())
        value = (value << 8U) | byte;
    return value < sampling_threshold.load(std::memory_order_relaxed);
}

}  // namespace

std::optional<base::TraceContext> parse_traceparent(std::string_view header) noexcept {
    if (header.size() < kHeaderBytes) return std::nullopt;
    if (header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;

    std::array<std::uint8_t, 1> version{};
    std::array<std::uint8_t, 1> flags{};
    base::TraceContext context;
    if (!read_hex(header.substr(0, 2), version) || !read_hex(header.substr(3), context.trace_id) ||
        !read_hex(header.substr(36), context.span_id) || !read_hex(header.substr(53), flags)) {
        return std::nullopt;
    }
    if (version[0] == 0xFF) return std::nullopt;
    // Version 00 ends here; a later version may continue after another dash.
    if (header.size() > kHeaderBytes && (version[0] == 0 || header[kHeaderBytes] != '-')) {
        return std::nullopt;
    }
    if (all_zero(context.trace_id) || all_zero(context.span_id)) return std::nullopt;
    context.sampled = (flags[0] & kSampledFlag) != 0;
    return context;
}

std::string format_traceparent(const base::TraceContext& context) {
    std::string header = "00-";
    header.reserve(kHeaderBytes);
    header += hex(context.trace_id);
    header += '-';
    header += hex(context.span_id);
    header += context.sampled ? "-01" : "-00";
    return header;
}

base::TraceContext new_trace() {
    base::TraceContext context;
    fill_random(context.trace_id);
    fill_random(context.span_id);
    context.sampled = sampled_by_ratio(context);
    return context;
}

base::TraceContext child_of(const base::TraceContext& parent) {
    if (!parent.valid()) return new_trace();
    base::TraceContext context = parent;
    fill_random(context.span_id);
    return context;
}

void set_sampling_ratio(double ratio) noexcept {
    const double share = std::isnan(ratio) ? 1.0 : std::clamp(ratio, 0.0, 1.0);
    sampling_threshold.store(static_cast<std::uint64_t>(share * kIdRange),
                             std::memory_order_relaxed);
}

std::string hex(std::span<const std::uint8_t> id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(id.size() * 2);
    for (const auto byte : id) {
        text += digits[byte >> 4U];
        text += digits[byte & 0x0FU];
    }
    return text;
}

}  // namespace telemetry::trace
