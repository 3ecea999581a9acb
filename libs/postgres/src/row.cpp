#include <fmt/format.h>

#include <postgres/row.hpp>

namespace postgres::detail {

void match_columns(const Result& result, std::span<const std::string_view> members,
                   std::span<bool (*const)(Oid)> readable, std::span<std::size_t> columns) {
    const std::size_t count = result.columns();
    if (count != columns.size()) {
        throw DecodeError(
            fmt::format("the result has {} columns, its C++ type {}", count, columns.size()));
    }
    for (std::size_t member = 0; member < count; ++member) {
        // Most statements list the columns in the order of the members; only others search.
        std::size_t column = member;
        if (!members.empty() && result.column_name(column) != members[member]) {
            column = 0;
            while (column < count && result.column_name(column) != members[member])
                ++column;
            if (column == count) {
                throw DecodeError(fmt::format("the result has no column {}", members[member]));
            }
        }
        if (!readable[member](result.column_type(column))) {
            throw DecodeError(
                fmt::format("column {} is of a type (oid {}) that its C++ type "
                            "cannot hold",
                            result.column_name(column), result.column_type(column)));
        }
        columns[member] = column;
    }
}

void throw_bad_value(const Result& result, std::size_t column, std::string_view why) {
    throw DecodeError(fmt::format("column {}: {}", result.column_name(column), why));
}

}  // namespace postgres::detail
