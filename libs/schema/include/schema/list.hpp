// Which types are lists: sources that repeat a name for each element (query strings, forms) have to
// know before they decode.
#pragma once

#include <vector>

#include <schema/codec.hpp>
#include <schema/constrained.hpp>

namespace schema {

namespace detail {

template <class T>
struct ListTraits {
    static constexpr bool is_list = false;
};
template <class T>
struct ListTraits<std::vector<T>> {
    static constexpr bool is_list = true;
    static bool may_be_empty() { return true; }
};
template <class T, auto... Rules>
struct ListTraits<Constrained<std::vector<T>, Rules...>> {
    static constexpr bool is_list = true;
    static bool may_be_empty() { return Constrained<std::vector<T>, Rules...>::accepts({}); }
};

}  // namespace detail

/// std::vector, plain or Constrained.
template <class T>
concept List = detail::ListTraits<T>::is_list;

/// Whether a request may leave that part out.
template <class T>
[[nodiscard]] bool may_be_left_out() {
    if constexpr (List<T>) {
        return detail::ListTraits<T>::may_be_empty();
    } else {
        return MayBeAbsent<T>;
    }
}

}  // namespace schema
