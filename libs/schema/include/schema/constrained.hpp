// Types whose values keep their rules: parse, don't validate.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <base/fixed_string.hpp>
#include <base/plain.hpp>
#include <schema/issues.hpp>
#include <schema/rules.hpp>

namespace schema {

/// A T that keeps every rule, so code that takes an ItemName never checks it again:
///     using ItemName = Constrained<std::string, trimmed, min_length(1), max_length(120)>;
/// It is read wherever a T is (a conversion, no copy), and travels to PostgreSQL and back as
/// itself.
template <class T, auto... Rules>
    requires(Rule<decltype(Rules), T> && ...)
class Constrained {
public:
    using value_type = T;

    /// For a value that the program itself states. Throws std::invalid_argument if it breaks a
    /// rule.
    constexpr explicit Constrained(T value) : value_(std::move(value)) {
        if (!accepts(value_)) throw std::invalid_argument("a stated value breaks its own rules");
    }

    /// For input. Normalises, then checks all rules; each one broken is an issue.
    [[nodiscard]] static std::optional<Constrained> parse(T value, const Issues& issues) {
        (normalize<Rules>(value), ...);
        const bool valid = (check<Rules>(value, issues) & ...);
        if (!valid) return std::nullopt;
        return trusted(std::move(value));
    }

    /// For what was checked when it was stored: a newer release may have stored it under wider
    /// rules, and must not make it unreadable for this one.
    [[nodiscard]] static constexpr Constrained trusted(T value) {
        return Constrained(Unchecked(), std::move(value));
    }

    /// Whether the value keeps all rules as it is.
    [[nodiscard]] static constexpr bool accepts(const T& value) {
        return (Rules.accepts(value) && ...);
    }

    static void document(boost::json::object& schema) { (Rules.document(schema), ...); }

    [[nodiscard]] constexpr const T& value() const& noexcept { return value_; }
    [[nodiscard]] constexpr T&& value() && noexcept { return std::move(value_); }
    [[nodiscard]] constexpr const T* operator->() const noexcept { return &value_; }
    constexpr operator const T&() const& noexcept { return value_; }
    constexpr operator T() && noexcept { return std::move(value_); }

    friend bool operator==(const Constrained&, const Constrained&) = default;
    friend bool operator==(const Constrained& left, const T& right) { return left.value_ == right; }

private:
    struct Unchecked {};

    constexpr Constrained(Unchecked, T value) : value_(std::move(value)) {}

    template <auto R>
    static void normalize(T& value) {
        if constexpr (NormalizingRule<decltype(R), T>) R.normalize(value);
    }
    template <auto R>
    static bool check(const T& value, const Issues& issues) {
        if (R.accepts(value)) return true;
        issues.fail(R.code(), "must " + R.message());
        return false;
    }

    T value_;
};

/// One of a fixed set of words: OneOf<"asc", "desc">.
template <base::FixedString... Words>
class OneOf {
public:
    static constexpr std::array<std::string_view, sizeof...(Words)> words{Words.view()...};

    [[nodiscard]] static constexpr std::optional<OneOf> parse(std::string_view text) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i] == text) return OneOf(i);
        }
        return std::nullopt;
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return words[index_]; }
    [[nodiscard]] constexpr std::size_t index() const noexcept { return index_; }
    friend bool operator==(OneOf, OneOf) = default;

private:
    constexpr explicit OneOf(std::size_t index) : index_(index) {}
    std::size_t index_;
};

namespace detail {

// A default that breaks the rules does not compile.
template <class T, auto Value>
constexpr T make_default() {
    if constexpr (requires { T::parse(Value.view()); }) {
        static_assert(T::parse(Value.view()).has_value());
        return *T::parse(Value.view());
    } else if constexpr (requires { typename T::value_type; }) {
        static_assert(T::accepts(Value));
        return T::trusted(Value);
    } else {
        return T(Value);
    }
}

}  // namespace detail

/// A T that may be left out and is then `Value`: Default<Limit, 20>, Default<Order,
/// base::FixedString("asc")>. It is used as the T that it is.
template <class T, auto Value>
struct Default : base::Plain<T> {
    static constexpr auto default_value = Value;

    constexpr Default() : base::Plain<T>(detail::make_default<T, Value>()) {}
    constexpr explicit Default(T value) : base::Plain<T>(std::move(value)) {}
};

/// A member of a JSON Merge Patch (RFC 7396), which tells "leave it" (absent) from a new value. A
/// member that can be cleared is an Omissible<std::optional<T>>: null clears it.
template <class T>
class Omissible {
public:
    Omissible() = default;
    explicit Omissible(T value) : value_(std::move(value)) {}

    [[nodiscard]] bool present() const noexcept { return value_.has_value(); }
    [[nodiscard]] const T& operator*() const { return value_.value(); }
    [[nodiscard]] const T* operator->() const { return &value_.value(); }
    friend bool operator==(const Omissible&, const Omissible&) = default;

private:
    std::optional<T> value_;
};

}  // namespace schema
