// Structs whose members are listed once, with BOOST_DESCRIBE_STRUCT: what JSON, SQL and query
// strings read them by.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

namespace base {

template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

/// The members of a described struct, those of its bases first: descriptors with `name` and
/// `pointer`.
template <Described T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                         boost::describe::mod_inherited>;

template <class Descriptor, class T>
using MemberType = std::remove_cvref_t<decltype(std::declval<T&>().*Descriptor::pointer)>;

/// "id", "name", "price": in the order of Members<T>.
template <Described T>
inline constexpr auto kMemberNames = [] {
    std::array<std::string_view, boost::mp11::mp_size<Members<T>>::value> names{};
    std::size_t next = 0;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) { names[next++] = member.name; });
    return names;
}();

namespace detail {

// An object that is never defined; comparing the addresses of its members is a constant expression.
template <class T>
struct Layout {
    T object;
};
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
template <class T>
extern const Layout<T> layout;

template <class Class, class Member>
Class class_of(Member Class::*);

// Whether A lies before B. Only addresses of members of one type and one class compare in constant
// expressions; for all others, initialises_exactly() compares the types with the declared ones.
template <class T, class A, class B>
constexpr bool before() {
    using ClassOfA = decltype(class_of(A::pointer));
    using ClassOfB = decltype(class_of(B::pointer));
    if constexpr (std::is_same_v<MemberType<A, T>, MemberType<B, T>> &&
                  std::is_same_v<ClassOfA, ClassOfB>) {
        return &(layout<ClassOfA>.object.*A::pointer) < &(layout<ClassOfA>.object.*B::pointer);
    } else {
        return true;
    }
}
#pragma clang diagnostic pop

template <class T, template <class...> class L>
constexpr bool described_in_order(L<>) {
    return true;
}
template <class T, template <class...> class L, class First, class... Rest>
constexpr bool described_in_order(L<First, Rest...>) {
    return (before<T, First, Rest>() && ...) && described_in_order<T>(L<Rest...>());
}

// Converts to a member of exactly that type.
template <class M>
struct Exactly {
    template <std::same_as<M> U>
    operator U() const;
};
struct Anything {
    template <class U>
    operator U() const;
};

// The members of a base stand in the list like those of the struct itself.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wmissing-braces"
// Whether T is an aggregate of exactly the described members. (Boost.PFR could tell too, but tries
// out hundreds of member counts: 20 seconds for a struct.)
template <class T, template <class...> class L, class... D>
constexpr bool initialises_exactly(L<D...>) {
    return requires { T{Exactly<MemberType<D, T>>()...}; } &&
           !requires { T{Exactly<MemberType<D, T>>()..., Anything()}; };
}
#pragma clang diagnostic pop

}  // namespace detail

/// Whether BOOST_DESCRIBE_STRUCT lists every member, in the order of declaration. Where it does
/// not, a member would be missing from what is written, or two of one type be swapped silently.
template <Described T>
inline constexpr bool kFullyDescribed =
    detail::initialises_exactly<T>(Members<T>()) && detail::described_in_order<T>(Members<T>());

/// A T of the values of its members, in the order of Members<T>.
template <Described T, class... Values>
[[nodiscard]] T make_described(Values&&... values) {
    static_assert(kFullyDescribed<T>,
                  "BOOST_DESCRIBE_STRUCT must list every member, in the order of declaration");
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wmissing-braces"
    return T{std::forward<Values>(values)...};
#pragma clang diagnostic pop
}

}  // namespace base
