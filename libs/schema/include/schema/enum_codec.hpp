// The codec of described enums: a value is the name of its enumerator.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11.hpp>

#include <schema/codec.hpp>
#include <schema/scalar_codecs.hpp>

namespace schema {

template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

/// BOOST_DEFINE_ENUM_CLASS(Color, red, green): "red" or "green".
template <DescribedEnum T>
struct Codec<T> {
    static std::optional<T> decode(const Value& value, const Issues& issues) {
        const auto text = Codec<std::string>::decode(value, issues);
        if (!text) return std::nullopt;
        std::optional<T> result;
        boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) {
            if (*text == enumerator.name) result = enumerator.value;
        });
        if (!result) detail::fail_one_of(issues, names().data(), names().size());
        return result;
    }
    /// A value without an enumerator, which only a bug can make, becomes "".
    static void encode(std::string& out, T value) {
        out += '"';
        boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) {
            if (value == enumerator.value) out += enumerator.name;
        });
        out += '"';
    }
    static boost::json::object describe(Components&) {
        return detail::describe_one_of(names().data(), names().size());
    }

private:
    using Enumerators = boost::describe::describe_enumerators<T>;

    static const auto& names() {
        static constexpr auto kNames = []<template <class...> class L, class... D>(L<D...>) {
            return std::array<std::string_view, sizeof...(D)>{D::name...};
        }(Enumerators());
        return kNames;
    }
};

}  // namespace schema
