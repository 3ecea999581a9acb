// Codecs of the single values: booleans, numbers, texts, times and the types built on them.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

#include <base/decimal.hpp>
#include <base/time.hpp>
#include <schema/codec.hpp>
#include <schema/constrained.hpp>

namespace schema {

namespace detail {
// The text of a number, or nullptr after reporting that there is none.
[[nodiscard]] const std::string* number_text(const Value& value, const Issues& issues,
                                             std::string_view code, std::string_view expected);
[[nodiscard]] std::optional<std::int64_t> decode_integer(const Value& value, const Issues& issues,
                                                         std::int64_t lowest, std::int64_t highest);
[[nodiscard]] boost::json::object describe_one_of(const std::string_view* words, std::size_t count);
void fail_one_of(const Issues& issues, const std::string_view* words, std::size_t count);
void fail_decimal(const Issues& issues, base::DecimalError error, int scale);
}  // namespace detail

template <>
struct Codec<bool> {
    static std::optional<bool> decode(const Value& value, const Issues& issues);
    static void encode(std::string& out, bool value) { out += value ? "true" : "false"; }
    static boost::json::object describe(Components&) { return {{"type", "boolean"}}; }
};

template <class T>
    requires std::signed_integral<T>
struct Codec<T> {
    using Limits = std::numeric_limits<T>;

    static std::optional<T> decode(const Value& value, const Issues& issues) {
        const auto number = detail::decode_integer(value, issues, Limits::lowest(), Limits::max());
        if (!number) return std::nullopt;
        return static_cast<T>(*number);
    }
    static void encode(std::string& out, T value) { out += std::to_string(value); }
    static boost::json::object describe(Components&) {
        return {{"type", "integer"}, {"format", sizeof(T) == 8 ? "int64" : "int32"}};
    }
};

template <>
struct Codec<double> {
    static std::optional<double> decode(const Value& value, const Issues& issues);
    /// JSON has no NaN or Infinity: they become null.
    static void encode(std::string& out, double value);
    static boost::json::object describe(Components&) {
        return {{"type", "number"}, {"format", "double"}};
    }
};

template <>
struct Codec<std::string> {
    static std::optional<std::string> decode(const Value& value, const Issues& issues);
    static void encode(std::string& out, const std::string& value);
    static boost::json::object describe(Components&) { return {{"type", "string"}}; }
};

template <>
struct Codec<base::Timestamp> {
    static std::optional<base::Timestamp> decode(const Value& value, const Issues& issues);
    static void encode(std::string& out, base::Timestamp value) {
        out.append(1, '"').append(base::format_rfc3339(value)).append(1, '"');
    }
    static boost::json::object describe(Components&) {
        return {{"type", "string"}, {"format", "date-time"}};
    }
};

/// An exact decimal is a JSON number, read and written digit by digit.
template <int Scale>
struct Codec<base::Decimal<Scale>> {
    using Type = base::Decimal<Scale>;

    static std::optional<Type> decode(const Value& value, const Issues& issues) {
        const auto* text = detail::number_text(value, issues, "decimal_type", "a number");
        if (text == nullptr) return std::nullopt;
        const auto parsed = Type::parse(*text);
        if (!parsed.error) return parsed.value;
        detail::fail_decimal(issues, *parsed.error, Scale);
        return std::nullopt;
    }
    static void encode(std::string& out, Type value) { out += value.to_string(); }
    static boost::json::object describe(Components&) {
        return {{"type", "number"}, {"format", "decimal"}, {"x-decimal-places", Scale}};
    }
};

template <class T, auto... Rules>
struct Codec<Constrained<T, Rules...>> {
    using Type = Constrained<T, Rules...>;

    static std::optional<Type> decode(const Value& value, const Issues& issues) {
        auto plain = Codec<T>::decode(value, issues);
        if (!plain) return std::nullopt;
        return Type::parse(std::move(*plain), issues);
    }
    static void encode(std::string& out, const Type& value) {
        Codec<T>::encode(out, value.value());
    }
    static boost::json::object describe(Components& components) {
        auto result = Codec<T>::describe(components);
        Type::document(result);
        return result;
    }
};

template <base::FixedString... Words>
struct Codec<OneOf<Words...>> {
    using Type = OneOf<Words...>;

    static std::optional<Type> decode(const Value& value, const Issues& issues) {
        const auto text = Codec<std::string>::decode(value, issues);
        if (!text) return std::nullopt;
        auto word = Type::parse(*text);
        if (!word) detail::fail_one_of(issues, Type::words.data(), Type::words.size());
        return word;
    }
    static void encode(std::string& out, Type value) {
        out.append(1, '"').append(value.view()).append(1, '"');
    }
    static boost::json::object describe(Components&) {
        return detail::describe_one_of(Type::words.data(), Type::words.size());
    }
};

}  // namespace schema
