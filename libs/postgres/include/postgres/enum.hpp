// Enumerations as PostgreSQL's enum types, or as text with a check.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <postgres/type.hpp>

namespace postgres {

/// An enum described with BOOST_DESCRIBE_ENUM; each label is its enumerator's name:
///     enum class Status { draft, sold };            create type status as enum ('draft', 'sold')
///     BOOST_DESCRIBE_ENUM(Status, draft, sold)
/// A label without an enumerator throws DecodeError: add labels in a release before the one that
/// writes them. A value without an enumerator throws EncodeError.
template <class T>
    requires std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value
struct Type<T> {
    static void encode(T value, std::string& out) {
        const char* const label = boost::describe::enum_to_string(value, nullptr);
        if (label == nullptr) throw EncodeError("a value that its enum does not name");
        out += label;
    }
    static T decode(std::string_view text) {
        T value{};
        bool found = false;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
            if (text != enumerator.name) return;
            value = enumerator.value;
            found = true;
        });
        if (!found) throw DecodeError("not a label of its enum: " + std::string(text));
        return value;
    }
    static constexpr bool reads(Oid type) {
        return type >= oid::kFirstOfDatabase || type == oid::kText || type == oid::kVarchar;
    }
};

}  // namespace postgres
