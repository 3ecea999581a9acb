// One-dimensional arrays, and the columns of many rows as arrays: how to insert a batch.
// https://www.postgresql.org/docs/16/arrays.html
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <base/described.hpp>
#include <postgres/params.hpp>
#include <postgres/type.hpp>

namespace postgres {

namespace detail {

template <class T>
struct ArrayElement {
    using type = T;
    static constexpr bool nullable = false;
};
template <class T>
struct ArrayElement<std::optional<T>> {
    using type = T;
    static constexpr bool nullable = true;
};
// PostgreSQL has arrays of several dimensions, no arrays of arrays.
template <class T>
struct ArrayElement<std::vector<T>>;

// Puts what stands behind `start` in quotes.
void quote_element(std::string& out, std::size_t start);

template <class Range, class Projection>
void encode_array(const Range& values, Projection projection, std::string& out) {
    out += '{';
    const std::size_t first = out.size();
    for (const auto& value : values) {
        if (out.size() > first) out += ',';
        const auto& element = std::invoke(projection, value);
        using Element = ArrayElement<std::remove_cvref_t<decltype(element)>>;
        const std::size_t start = out.size();
        if constexpr (Element::nullable) {
            if (!element) {
                out += "NULL";
                continue;
            }
            Type<typename Element::type>::encode(*element, out);
        } else {
            Type<typename Element::type>::encode(element, out);
        }
        if constexpr (!std::is_arithmetic_v<typename Element::type>) quote_element(out, start);
    }
    out += '}';
}

// The element type of a built-in array type. One of the database's own types is returned as it is;
// 0 for any other type.
Oid element_type(Oid array) noexcept;

// Takes an array apart.
class ArrayReader {
public:
    // Throws DecodeError for what is not an array that begins at index 1, of one dimension.
    explicit ArrayReader(std::string_view text);
    // The next element's text (nullopt: NULL), valid until the next call; false at the end.
    [[nodiscard]] bool next(std::optional<std::string_view>& element);

private:
    std::string_view rest_;
    std::string unescaped_;
};

[[noreturn]] void throw_null_element();

}  // namespace detail

/// An array. With std::optional elements it may hold NULL.
template <class T>
    requires requires { typename detail::ArrayElement<T>::type; }
struct Type<std::vector<T>> {
    using Element = typename detail::ArrayElement<T>::type;

    static void encode(const std::vector<T>& values, std::string& out)
        requires Writable<Element>
    {
        detail::encode_array(values, std::identity(), out);
    }
    static std::vector<T> decode(std::string_view text)
        requires Readable<Element>
    {
        std::vector<T> values;
        detail::ArrayReader reader(text);
        for (std::optional<std::string_view> element; reader.next(element);) {
            if (element) {
                values.push_back(Type<Element>::decode(*element));
            } else if constexpr (detail::ArrayElement<T>::nullable) {
                values.push_back(std::nullopt);
            } else {
                detail::throw_null_element();
            }
        }
        return values;
    }
    static constexpr bool reads(Oid type)
        requires Readable<Element>
    {
        const Oid element = detail::element_type(type);
        return element != 0 && Type<Element>::reads(element);
    }
};

namespace detail {

// One member of many rows, to be sent as an array.
template <class Row, class Member>
struct Column {
    std::span<const Row> rows;
    Member Row::* member;
};

}  // namespace detail

template <class Row, class Member>
    requires Writable<typename detail::ArrayElement<Member>::type>
struct Type<detail::Column<Row, Member>> {
    static void encode(const detail::Column<Row, Member>& column, std::string& out) {
        detail::encode_array(column.rows, column.member, out);
    }
};

/// The members of described structs as one array each, in the order of declaration: $1 holds every
/// first member, $2 every second. One statement then inserts any number of rows, all or nothing,
/// in one round trip:
///
///     constexpr postgres::Statement kAddAll{"items.add_all",
///         "insert into items (name, price)"
///         " select * from unnest($1::text[], $2::numeric[]) returning id"};
///     const auto ids = co_await tx.query<std::int64_t>(kAddAll, postgres::columns(new_items));
///
/// Rows are returned in the order of the arrays. For more than some thousands, see copy_in().
template <base::Described Row>
[[nodiscard]] Params columns(std::span<const Row> rows) {
    Params params;
    boost::mp11::mp_for_each<base::Members<Row>>([&](auto member) {
        using Member = base::MemberType<decltype(member), Row>;
        params.append(detail::Column<Row, Member>{rows, member.pointer});
    });
    return params;
}
template <class Row>
[[nodiscard]] Params columns(const std::vector<Row>& rows) {
    return columns(std::span<const Row>(rows));
}

}  // namespace postgres
