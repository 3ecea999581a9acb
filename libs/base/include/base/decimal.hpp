// Exact decimal numbers, for money: what numeric(12,2) is to PostgreSQL.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// The reason why a text is not a Decimal.
enum class DecimalError {
    kSyntax,     ///< not a number in JSON's or PostgreSQL's notation
    kPrecision,  ///< more decimal places than the type has; digits are never dropped
    kRange,      ///< beyond 64 bits of minor units
};

namespace detail {
struct ParsedDecimal {
    std::int64_t units = 0;
    std::optional<DecimalError> error;
};
// Exponents are understood; "1e999" is kRange, "1.005" with two places is kPrecision.
[[nodiscard]] ParsedDecimal parse_decimal(std::string_view text, int scale) noexcept;
[[nodiscard]] std::string format_decimal(std::int64_t units, int scale);
}  // namespace detail

/// A number with exactly `Scale` decimal places, stored as an integer of minor units (cents), so no
/// binary float ever rounds it. Range: +-9.2e18 minor units.
template <int Scale>
    requires(Scale >= 0 && Scale <= 18)
class Decimal {
public:
    static constexpr int scale = Scale;

    constexpr Decimal() = default;
    [[nodiscard]] static constexpr Decimal from_units(std::int64_t units) noexcept {
        Decimal result;
        result.units_ = units;
        return result;
    }

    struct Parsed;
    /// Reads JSON's number notation, exactly; trailing zeros beyond the scale are accepted.
    [[nodiscard]] static Parsed parse(std::string_view text) noexcept;

    [[nodiscard]] constexpr std::int64_t units() const noexcept { return units_; }
    /// "12.50": always all places, never an exponent.
    [[nodiscard]] std::string to_string() const { return detail::format_decimal(units_, Scale); }

    friend constexpr auto operator<=>(Decimal, Decimal) = default;

    // Public so that the type is structural and can be a template argument.
    std::int64_t units_ = 0;
};

template <int Scale>
    requires(Scale >= 0 && Scale <= 18)
struct Decimal<Scale>::Parsed {
    Decimal value;                      ///< meaningful only without an error
    std::optional<DecimalError> error;  ///< nullopt: parsed
};

template <int Scale>
    requires(Scale >= 0 && Scale <= 18)
auto Decimal<Scale>::parse(std::string_view text) noexcept -> Parsed {
    const auto parsed = detail::parse_decimal(text, Scale);
    return {from_units(parsed.units), parsed.error};
}

}  // namespace base
