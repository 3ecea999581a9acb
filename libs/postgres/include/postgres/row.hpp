// Typed rows: a struct described with BOOST_DESCRIBE_STRUCT, filled by the names of the columns.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <base/described.hpp>
#include <postgres/result.hpp>

namespace postgres {

namespace detail {

template <class T>
struct ColumnType {
    using type = T;
    static constexpr bool nullable = false;
};
template <class T>
struct ColumnType<std::optional<T>> {
    using type = T;
    static constexpr bool nullable = true;
};

// Where each member's value stands. Throws DecodeError unless columns and members correspond one
// to one and each column's type can be read as its member's.
void match_columns(const Result& result, std::span<const std::string_view> members,
                   std::span<bool (*const)(Oid)> readable, std::span<std::size_t> columns);
[[noreturn]] void throw_bad_value(const Result& result, std::size_t column, std::string_view why);

template <class T>
[[nodiscard]] T read_value(const Result& result, std::size_t row, std::size_t column) {
    if (result.is_null(row, column)) {
        if constexpr (ColumnType<T>::nullable) return std::nullopt;
        throw_bad_value(result, column, "is NULL, but its C++ type is not std::optional");
    }
    try {
        return Type<typename ColumnType<T>::type>::decode(result.value(row, column));
    } catch (const DecodeError& error) {
        throw_bad_value(result, column, error.what());
    }
}

template <class Row, template <class...> class L, class... D>
void read_structs(const Result& result, std::vector<Row>& rows, L<D...>) {
    static constexpr std::array<bool (*)(Oid), sizeof...(D)> readable{
        &Type<typename ColumnType<base::MemberType<D, Row>>::type>::reads...};
    std::array<std::size_t, sizeof...(D)> columns{};
    match_columns(result, base::kMemberNames<Row>, readable, columns);
    const auto read_struct = [&]<std::size_t... I>(std::size_t row, std::index_sequence<I...>) {
        return base::make_described<Row>(
            read_value<base::MemberType<D, Row>>(result, row, columns[I])...);
    };
    for (std::size_t row = 0; row < result.rows(); ++row)
        rows.push_back(read_struct(row, std::index_sequence_for<D...>()));
}

}  // namespace detail

/// The type of a query's result: a described struct, or a single value.
template <class T>
concept RowType = base::Described<T> || Readable<typename detail::ColumnType<T>::type>;

/// All rows of a result. For a struct, columns and members have to correspond one to one by name,
/// in any order; for a single value there has to be one column. Throws DecodeError otherwise, also
/// when there are no rows, so that a mismatch shows in the first test.
template <RowType Row>
[[nodiscard]] std::vector<Row> read_rows(const Result& result) {
    std::vector<Row> rows;
    rows.reserve(result.rows());
    if constexpr (base::Described<Row>) {
        detail::read_structs(result, rows, base::Members<Row>());
    } else {
        static constexpr std::array<bool (*)(Oid), 1> readable{
            &Type<typename detail::ColumnType<Row>::type>::reads};
        std::array<std::size_t, 1> columns{};
        detail::match_columns(result, {}, readable, columns);
        for (std::size_t row = 0; row < result.rows(); ++row) {
            rows.push_back(detail::read_value<Row>(result, row, columns[0]));
        }
    }
    return rows;
}

}  // namespace postgres
