// A value under another name that is used like the value itself.
#pragma once

#include <type_traits>
#include <utility>

namespace base {

/// The base of types that add a meaning to a T (where in a request it comes from, its default)
/// but are to be used as a T. A class is derived from, so its members are there; anything else
/// converts.
template <class T>
struct Plain : T {
    constexpr Plain(T value) : T(std::move(value)) {}
};

template <class T>
    requires(!std::is_class_v<T> || std::is_final_v<T>)
struct Plain<T> {
    T value;

    constexpr Plain(T v) : value(std::move(v)) {}
    constexpr operator const T&() const noexcept { return value; }
};

}  // namespace base
