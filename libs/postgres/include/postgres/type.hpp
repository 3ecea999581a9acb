// How C++ values become PostgreSQL values and back, in the text format.
#pragma once

#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <base/decimal.hpp>
#include <base/time.hpp>
#include <postgres/errors.hpp>

namespace postgres {

/// An object identifier of PostgreSQL's type catalogue (pg_type.oid). The built-in ones never
/// change.
using Oid = std::uint32_t;

namespace oid {
inline constexpr Oid kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kJson = 114,
                     kFloat4 = 700, kFloat8 = 701, kVarchar = 1043, kDate = 1082,
                     kTimestamptz = 1184, kNumeric = 1700, kUuid = 2950, kJsonb = 3802;
/// From here on numbers belong to what was created in the database, its enums and their arrays
/// among them (FirstNormalObjectId).
inline constexpr Oid kFirstOfDatabase = 16384;
}  // namespace oid

/// The traits of one type. Specialise it for your own (an enum, an id type):
///   static void encode(T value, std::string& out)  appends the text that PostgreSQL reads
///   static T decode(std::string_view text)         throws DecodeError
///   static constexpr bool reads(Oid type)          whether decode() may be given such a column
///   static constexpr std::string_view name         as SQL calls it, for casts: see sql.hpp
/// A type that is only ever a parameter needs encode() alone. std::optional<T> is T or NULL.
template <class T>
struct Type;

template <>
struct Type<bool> {
    static constexpr std::string_view name = "boolean";
    static void encode(bool value, std::string& out) { out += value ? 't' : 'f'; }
    static bool decode(std::string_view text) { return text == "t"; }
    static constexpr bool reads(Oid type) { return type == oid::kBool; }
};

namespace detail {
template <class T>
concept Number = std::same_as<T, std::int16_t> || std::same_as<T, std::int32_t> ||
                 std::same_as<T, std::int64_t> || std::same_as<T, double>;
}  // namespace detail

template <detail::Number T>
struct Type<T> {
    static constexpr std::string_view name = std::floating_point<T> ? "double precision"
                                             : sizeof(T) == 8       ? "bigint"
                                             : sizeof(T) == 4       ? "integer"
                                                                    : "smallint";

    static void encode(T value, std::string& out) {
        char buffer[32];
        if constexpr (std::floating_point<T>) {
            // PostgreSQL spells these out; to_chars would write "inf" and "nan", which it reads
            // too.
            if (std::isnan(value)) return void(out += "NaN");
        }
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
        out.append(buffer, end);
    }
    static T decode(std::string_view text) {
        T value{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size()) {
            throw DecodeError("not a number of the expected range: " + std::string(text));
        }
        return value;
    }
    // A wider column is refused even if today's values would fit.
    static constexpr bool reads(Oid type) {
        if constexpr (std::floating_point<T>) return type == oid::kFloat4 || type == oid::kFloat8;
        return type == oid::kInt2 || (type == oid::kInt4 && sizeof(T) >= 4) ||
               (type == oid::kInt8 && sizeof(T) >= 8);
    }
};

/// Any column can be read as the text that PostgreSQL shows for it.
template <>
struct Type<std::string> {
    static constexpr std::string_view name = "text";

    static void encode(std::string_view value, std::string& out);
    static std::string decode(std::string_view text) { return std::string(text); }
    static constexpr bool reads(Oid) { return true; }
};

/// Parameters only: a row owns its text.
template <>
struct Type<std::string_view> {
    static void encode(std::string_view value, std::string& out) {
        Type<std::string>::encode(value, out);
    }
};

/// numeric, exactly. A column value with more places than `Scale` throws, NaN and infinity too.
template <int Scale>
struct Type<base::Decimal<Scale>> {
    static constexpr std::string_view name = "numeric";

    static void encode(base::Decimal<Scale> value, std::string& out) { out += value.to_string(); }
    static base::Decimal<Scale> decode(std::string_view text) {
        const auto parsed = base::Decimal<Scale>::parse(text);
        if (parsed.error) {
            throw DecodeError("not a decimal of that scale and range: " + std::string(text));
        }
        return parsed.value;
    }
    static constexpr bool reads(Oid type) {
        return type == oid::kNumeric || type == oid::kInt2 || type == oid::kInt4 ||
               type == oid::kInt8;
    }
};

/// timestamptz, in years 1 to 9999; `infinity` and dates BC throw. A timestamp without time zone
/// is refused: it names no point in time.
template <>
struct Type<base::Timestamp> {
    static constexpr std::string_view name = "timestamptz";

    static void encode(base::Timestamp value, std::string& out);
    static base::Timestamp decode(std::string_view text);
    static constexpr bool reads(Oid type) { return type == oid::kTimestamptz; }
};

/// date, in years 1 to 9999; `infinity` and dates BC throw.
template <>
struct Type<std::chrono::year_month_day> {
    static constexpr std::string_view name = "date";

    static void encode(std::chrono::year_month_day value, std::string& out);
    static std::chrono::year_month_day decode(std::string_view text);
    static constexpr bool reads(Oid type) { return type == oid::kDate; }
};

/// A type around one that PostgreSQL knows, such as schema::Constrained: a parameter and a column
/// like the value in it. What is stored was checked when it was stored.
template <class T>
concept Wrapper = requires(const T& wrapper, typename T::value_type value) {
    { wrapper.value() } -> std::same_as<const typename T::value_type&>;
    { T::trusted(std::move(value)) } -> std::same_as<T>;
};

template <Wrapper T>
struct Type<T> {
    using Value = typename T::value_type;
    static constexpr std::string_view name = Type<Value>::name;

    static void encode(const T& wrapper, std::string& out) {
        Type<Value>::encode(wrapper.value(), out);
    }
    static T decode(std::string_view text) { return T::trusted(Type<Value>::decode(text)); }
    static constexpr bool reads(Oid type) { return Type<Value>::reads(type); }
};

namespace detail {
template <class T>
struct NotNull {
    using type = T;
};
template <class T>
struct NotNull<std::optional<T>> {
    using type = T;
};
}  // namespace detail

/// "numeric" for a Decimal or std::optional<Decimal>.
template <class T>
inline constexpr std::string_view kTypeName = Type<typename detail::NotNull<T>::type>::name;

/// The type of a row or of a member of a row.
template <class T>
concept Readable = requires(std::string_view text, Oid type) {
    { Type<T>::decode(text) } -> std::same_as<T>;
    { Type<T>::reads(type) } -> std::same_as<bool>;
};

/// The type of a parameter, apart from std::optional.
template <class T>
concept Writable = requires(const T& value, std::string& out) { Type<T>::encode(value, out); };

}  // namespace postgres
