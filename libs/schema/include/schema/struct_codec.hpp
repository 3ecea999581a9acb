// The codec of described structs: the members are stated once, with BOOST_DESCRIBE_STRUCT.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/mp11.hpp>

#include <base/described.hpp>
#include <schema/codec.hpp>
#include <schema/type_name.hpp>

namespace schema {

using base::Described;

namespace detail {

void fail_missing(const Issues& issues);
void fail_unknown(const Issues& issues);
void fail_repeated(const Issues& issues);
void fail_object_type(const Issues& issues);
[[noreturn]] void throw_invalid_example(std::string_view type, const std::vector<Issue>& issues);

}  // namespace detail

/// A struct has an example by a function next to it, which the document then shows:
///     inline std::string_view example(std::type_identity<ItemCreate>) {
///         return R"({"name": "Lamp", "price": 12.5})";
///     }
/// Describing a type whose example is not valid throws std::logic_error.
template <class T>
concept Exemplified = requires {
    { example(std::type_identity<T>()) } -> std::convertible_to<std::string_view>;
};

/// A rule about several members together is a function next to the struct, which reports what is
/// wrong and returns whether all is well:
///     bool validate(const ItemFilter& filter, const schema::Issues& issues);
/// It runs once every member is valid by itself.
template <class T>
concept Validated = requires(const T& object, const Issues& issues) {
    { validate(object, issues) } -> std::same_as<bool>;
};

template <Described T>
struct Codec<T> {
    using Members = base::Members<T>;

    static_assert(base::kFullyDescribed<T>,
                  "BOOST_DESCRIBE_STRUCT must list every member, in the order of declaration");

    static std::optional<T> decode(const Value& value, const Issues& issues) {
        return decode(value, issues, Members());
    }

    static void encode(std::string& out, const T& object) {
        out += '{';
        bool first = true;
        boost::mp11::mp_for_each<Members>([&](auto member) {
            const auto& value = object.*member.pointer;
            using Type = std::remove_cvref_t<decltype(value)>;
            if constexpr (MayBeOmitted<Type>) {
                if (Codec<Type>::omitted(value)) return;
            }
            if (!first) out += ',';
            first = false;
            // Member names are C++ identifiers: nothing to escape.
            out.append(1, '"').append(member.name).append("\":");
            Codec<Type>::encode(out, value);
        });
        out += '}';
    }

    static boost::json::object describe(Components& components) {
        const std::string name(type_name<T>());
        if (components.reserve(name, full_type_name<T>())) {
            components.define(name, describe_members(components));
        }
        return component_reference(name);
    }

private:
    template <template <class...> class L, class... D>
    static std::optional<T> decode(const Value& value, const Issues& issues, L<D...>) {
        if (value.kind != Value::Kind::kObject) {
            detail::fail_object_type(issues);
            return std::nullopt;
        }
        std::tuple<std::optional<base::MemberType<D, T>>...> slots;
        std::array<bool, sizeof...(D)> seen{};
        bool valid = true;
        for (const auto& member : value.members) {
            const auto place = issues.at(member.name);
            valid = decode_member(member, place, slots, seen, std::index_sequence_for<D...>(),
                                  L<D...>()) &&
                    valid;
        }
        valid =
            fill_missing(issues, slots, seen, std::index_sequence_for<D...>(), L<D...>()) && valid;
        if (!valid) return std::nullopt;
        T object = std::apply(
            [](auto&... slot) { return base::make_described<T>(std::move(*slot)...); }, slots);
        if constexpr (Validated<T>) {
            if (!validate(object, issues)) return std::nullopt;
        }
        return object;
    }

    template <class Slots, std::size_t N, std::size_t... I, template <class...> class L, class... D>
    static bool decode_member(const Member& member, const Issues& place, Slots& slots,
                              std::array<bool, N>& seen, std::index_sequence<I...>, L<D...>) {
        bool known = false;
        bool valid = true;
        const auto try_one = [&](auto index, std::string_view name) {
            if (known || name != member.name) return;
            known = true;
            if (seen[index]) {
                detail::fail_repeated(place);
                valid = false;
                return;
            }
            seen[index] = true;
            auto& slot = std::get<index>(slots);
            using Type = typename std::remove_cvref_t<decltype(slot)>::value_type;
            slot = Codec<Type>::decode(member.value, place);
            valid = slot.has_value();
        };
        (try_one(std::integral_constant<std::size_t, I>(), D::name), ...);
        if (!known) detail::fail_unknown(place);
        return known && valid;
    }

    template <class Slots, std::size_t N, std::size_t... I, template <class...> class L, class... D>
    static bool fill_missing(const Issues& issues, Slots& slots, const std::array<bool, N>& seen,
                             std::index_sequence<I...>, L<D...>) {
        bool valid = true;
        const auto fill_one = [&](auto index, std::string_view name) {
            if (seen[index]) return;
            auto& slot = std::get<index>(slots);
            using Type = typename std::remove_cvref_t<decltype(slot)>::value_type;
            if constexpr (MayBeAbsent<Type>) {
                slot = Codec<Type>::absent();
            } else {
                detail::fail_missing(issues.at(name));
                valid = false;
            }
        };
        (fill_one(std::integral_constant<std::size_t, I>(), D::name), ...);
        return valid;
    }

    static boost::json::value checked_example() {
        const std::string_view text = example(std::type_identity<T>());
        std::vector<Issue> issues;
        const auto parsed = parse(text);
        const auto* const value = std::get_if<Value>(&parsed);
        if (value == nullptr || !decode(*value, Issues(issues))) {
            detail::throw_invalid_example(full_type_name<T>(), issues);
        }
        return boost::json::parse(text);
    }

    static boost::json::object describe_members(Components& components) {
        boost::json::object properties;
        boost::json::array required;
        boost::mp11::mp_for_each<Members>([&](auto member) {
            using Type = base::MemberType<decltype(member), T>;
            properties[member.name] = Codec<Type>::describe(components);
            const bool always_there =
                components.describes_output() ? !MayBeOmitted<Type> : !MayBeAbsent<Type>;
            if (always_there) required.emplace_back(member.name);
        });
        boost::json::object schema{{"type", "object"},
                                   {"properties", std::move(properties)},
                                   {"additionalProperties", false}};
        if (!required.empty()) schema["required"] = std::move(required);
        if constexpr (Exemplified<T>) schema["examples"] = boost::json::array{checked_example()};
        return schema;
    }
};

/// Whether a merge patch changes nothing: every member is absent.
template <Described Patch>
[[nodiscard]] bool is_empty(const Patch& patch) {
    bool empty = true;
    boost::mp11::mp_for_each<base::Members<Patch>>(
        [&](auto member) { empty = empty && !(patch.*member.pointer).present(); });
    return empty;
}

}  // namespace schema
