// The rules that a Constrained type is made of. A rule owns both sides of a fact: how a value is
// checked and how JSON Schema says it.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/decimal.hpp>
#include <base/utf8.hpp>

namespace schema {

/// A rule can be a template argument (a structural type) and has
///   bool accepts(const T&)              whether the value keeps the rule,
///   std::string_view code()             the stable name of its violation,
///   std::string message()               what the value should be, after "must ...",
///   void document(boost::json::object&) its JSON Schema keywords;
/// and, if it changes values before they are checked, void normalize(T&).
template <class R, class T>
concept Rule = requires(const R rule, const T& value, boost::json::object& schema) {
    { rule.accepts(value) } -> std::convertible_to<bool>;
    { rule.code() } -> std::convertible_to<std::string_view>;
    { rule.message() } -> std::convertible_to<std::string>;
    rule.document(schema);
};

template <class R, class T>
concept NormalizingRule = requires(const R rule, T& value) { rule.normalize(value); };

namespace detail {

template <class T>
struct IsDecimal : std::false_type {};
template <int S>
struct IsDecimal<base::Decimal<S>> : std::true_type {};

// A bound as a value of the type that it bounds: ge(0) bounds a Decimal<2> at 0.00.
template <class T, class Bound>
constexpr T bound_as(Bound bound) {
    if constexpr (IsDecimal<T>::value && std::integral<Bound>) {
        std::int64_t units = bound;
        for (int i = 0; i < T::scale; ++i)
            units *= 10;
        return T::from_units(units);
    } else {
        return static_cast<T>(bound);
    }
}

// A bound as JSON Schema writes it.
template <class Bound>
boost::json::value bound_json(Bound bound) {
    if constexpr (IsDecimal<Bound>::value) {
        return std::stod(bound.to_string());
    } else {
        return bound;
    }
}

template <class Bound>
std::string bound_text(Bound bound) {
    if constexpr (IsDecimal<Bound>::value) {
        return bound.to_string();
    } else {
        return fmt::format("{}", bound);
    }
}

// The length that a person would count, as JSON Schema's minLength and PostgreSQL's char_length do.
// Text from the decoders is valid UTF-8 already.
inline std::size_t code_points(std::string_view text) {
    return base::utf8::length(text).value_or(text.size());
}

}  // namespace detail

/// At least `count` code points.
struct min_length {
    std::size_t count;
    constexpr explicit min_length(std::size_t n) : count(n) {}
    [[nodiscard]] bool accepts(std::string_view text) const {
        return detail::code_points(text) >= count;
    }
    [[nodiscard]] static constexpr std::string_view code() { return "string_too_short"; }
    [[nodiscard]] std::string message() const {
        return fmt::format("have at least {} character{}", count, count == 1 ? "" : "s");
    }
    void document(boost::json::object& schema) const { schema["minLength"] = count; }
};

/// At most `count` code points.
struct max_length {
    std::size_t count;
    constexpr explicit max_length(std::size_t n) : count(n) {}
    [[nodiscard]] bool accepts(std::string_view text) const {
        return detail::code_points(text) <= count;
    }
    [[nodiscard]] static constexpr std::string_view code() { return "string_too_long"; }
    [[nodiscard]] std::string message() const {
        return fmt::format("have at most {} character{}", count, count == 1 ? "" : "s");
    }
    void document(boost::json::object& schema) const { schema["maxLength"] = count; }
};

/// At least `bound`.
template <class Bound>
struct ge {
    Bound bound;
    constexpr explicit ge(Bound b) : bound(b) {}
    template <class T>
    [[nodiscard]] constexpr bool accepts(const T& value) const {
        return value >= detail::bound_as<T>(bound);
    }
    [[nodiscard]] static constexpr std::string_view code() { return "greater_than_equal"; }
    [[nodiscard]] std::string message() const { return "be at least " + detail::bound_text(bound); }
    void document(boost::json::object& schema) const {
        schema["minimum"] = detail::bound_json(bound);
    }
};

/// At most `bound`.
template <class Bound>
struct le {
    Bound bound;
    constexpr explicit le(Bound b) : bound(b) {}
    template <class T>
    [[nodiscard]] constexpr bool accepts(const T& value) const {
        return value <= detail::bound_as<T>(bound);
    }
    [[nodiscard]] static constexpr std::string_view code() { return "less_than_equal"; }
    [[nodiscard]] std::string message() const { return "be at most " + detail::bound_text(bound); }
    void document(boost::json::object& schema) const {
        schema["maximum"] = detail::bound_json(bound);
    }
};

/// One of these numbers: among(429, 500, 503).
template <class T, std::size_t N>
struct among {
    std::array<T, N> values;
    template <class... U>
    constexpr explicit among(U... v) : values{v...} {}
    [[nodiscard]] constexpr bool accepts(const T& value) const {
        return std::ranges::find(values, value) != values.end();
    }
    [[nodiscard]] static constexpr std::string_view code() { return "one_of"; }
    [[nodiscard]] std::string message() const {
        return fmt::format("be one of {}", fmt::join(values, ", "));
    }
    void document(boost::json::object& schema) const {
        schema["enum"] = boost::json::array(values.begin(), values.end());
    }
};
template <class T, class... U>
among(T, U...) -> among<T, 1 + sizeof...(U)>;

/// Surrounding white space is taken off before the other rules look.
struct Trimmed {
    static void normalize(std::string& text) { text = std::string(base::utf8::trim(text)); }
    [[nodiscard]] static constexpr bool accepts(std::string_view) { return true; }
    [[nodiscard]] static constexpr std::string_view code() { return "trimmed"; }
    [[nodiscard]] static std::string message() { return "have no surrounding white space"; }
    /// JSON Schema has no keyword for it; without it, minLength would promise that "  " is enough.
    static void document(boost::json::object& schema) { schema["x-trimmed"] = true; }
};
inline constexpr Trimmed trimmed;

/// No control characters; line feeds and tabs only in texts of several lines.
struct Printable {
    bool lines = false;
    [[nodiscard]] bool accepts(std::string_view text) const {
        return !base::utf8::has_control_characters(text, lines);
    }
    [[nodiscard]] static constexpr std::string_view code() { return "control_character"; }
    [[nodiscard]] static std::string message() { return "have no control characters"; }
    void document(boost::json::object& schema) const {
        schema["pattern"] = lines ? R"(^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$)"
                                  : R"(^[^\u0000-\u001f\u007f-\u009f]*$)";
    }
};
inline constexpr Printable printable{.lines = false};
inline constexpr Printable printable_lines{.lines = true};

/// At least `count` elements.
struct min_items {
    std::size_t count;
    constexpr explicit min_items(std::size_t n) : count(n) {}
    [[nodiscard]] bool accepts(const auto& list) const { return list.size() >= count; }
    [[nodiscard]] static constexpr std::string_view code() { return "too_few_items"; }
    [[nodiscard]] std::string message() const {
        return fmt::format("have at least {} element{}", count, count == 1 ? "" : "s");
    }
    void document(boost::json::object& schema) const { schema["minItems"] = count; }
};

/// At most `count` elements.
struct max_items {
    std::size_t count;
    constexpr explicit max_items(std::size_t n) : count(n) {}
    [[nodiscard]] bool accepts(const auto& list) const { return list.size() <= count; }
    [[nodiscard]] static constexpr std::string_view code() { return "too_many_items"; }
    [[nodiscard]] std::string message() const {
        return fmt::format("have at most {} element{}", count, count == 1 ? "" : "s");
    }
    void document(boost::json::object& schema) const { schema["maxItems"] = count; }
};

}  // namespace schema
