#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include <base/decimal.hpp>

namespace base::detail {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The parts of a number in the grammar of RFC 8259, section 6.
struct Parts {
    bool negative = false;
    std::string_view integer;
    std::string_view fraction;
    std::string_view exponent;  // with its sign; empty if there is none
};

std::string_view take_digits(std::string_view& text) {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n]))
        ++n;
    const auto digits = text.substr(0, n);
    text.remove_prefix(n);
    return digits;
}

std::optional<Parts> split(std::string_view text) {
    Parts parts;
    if (text.starts_with('-')) {
        parts.negative = true;
        text.remove_prefix(1);
    }
    parts.integer = take_digits(text);
    if (parts.integer.empty() || (parts.integer.size() > 1 && parts.integer.front() == '0')) {
        return std::nullopt;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        parts.fraction = take_digits(text);
        if (parts.fraction.empty()) return std::nullopt;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+')) {
            text.remove_prefix(1);
            if (text.starts_with('-')) return std::nullopt;
        }
        parts.exponent = text;
        const bool sign = text.starts_with('-');
        if (sign) text.remove_prefix(1);
        if (take_digits(text).empty()) return std::nullopt;
    }
    if (!text.empty()) return std::nullopt;
    return parts;
}

// Exponents beyond this move every digit out of range (or below the last place) anyway.
constexpr long long kExponentLimit = 1'000'000;

long long read_exponent(std::string_view text) {
    if (text.empty()) return 0;
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        return text.front() == '-' ? -kExponentLimit : kExponentLimit;
    }
    return std::clamp(value, -kExponentLimit, kExponentLimit);
}

}  // namespace

ParsedDecimal parse_decimal(std::string_view text, int scale) noexcept {
    const auto parts = split(text);
    if (!parts) return {.error = DecimalError::kSyntax};

    // value = digits * 10^-(fraction size) * 10^exponent; `places` is the power of ten of the
    // current digit, counted in minor units. Below zero, the digit is beyond the last stored place.
    long long places =
        static_cast<long long>(parts->integer.size()) - 1 + read_exponent(parts->exponent) + scale;
    std::int64_t units = 0;
    bool significant = false;
    for (const auto digits : {parts->integer, parts->fraction}) {
        for (const char c : digits) {
            const int digit = c - '0';
            if (digit != 0 && places < 0) return {.error = DecimalError::kPrecision};
            if (digit != 0) significant = true;
            if (places >= 0 && significant) {
                // Accumulate negatively: the negative range is the wider one.
                if (__builtin_mul_overflow(units, std::int64_t{10}, &units) ||
                    __builtin_sub_overflow(units, std::int64_t{digit}, &units)) {
                    return {.error = DecimalError::kRange};
                }
            }
            --places;
        }
    }
    // Places that the digits did not reach: 1e3 has one digit and three more powers of ten.
    for (; significant && places >= 0; --places) {
        if (__builtin_mul_overflow(units, std::int64_t{10}, &units)) {
            return {.error = DecimalError::kRange};
        }
    }
    if (!parts->negative) {
        if (units == std::numeric_limits<std::int64_t>::min()) {
            return {.error = DecimalError::kRange};
        }
        units = -units;
    }
    return {.units = units, .error = std::nullopt};
}

std::string format_decimal(std::int64_t units, int scale) {
    const bool negative = units < 0;
    // Negating in unsigned arithmetic is defined for the smallest integer too.
    const auto magnitude =
        negative ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
    const fmt::format_int text(magnitude);
    std::string digits(text.data(), text.size());
    const auto places = static_cast<std::size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (scale > 0) digits.insert(digits.size() - places, 1, '.');
    if (negative) digits.insert(0, 1, '-');
    return digits;
}

}  // namespace base::detail
